"""Targets depend on each other one way, and so do the folders inside a target.

A folder of a target is a room. It depends on another room of the target where its sources name a type or a free
function that is declared there at file level, or extend such a type. Names that may mean something else are passed
over, never counted: members after a dot, and names that the file's own types or generic parameters use as well.

Standard library only. Another checkout than this one can be looked at:

    FM_ROOT=FOLDER python3 -m unittest discover -s Tests/Documentation -p test_structure.py
"""

import collections
import os
import pathlib
import re
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("FM_ROOT") or pathlib.Path(__file__).resolve().parents[2])
SOURCES = ROOT / "Sources"
# Files that lie in no folder of their target.
TOP = "(top)"

TYPE = r"(?:struct|class|enum|protocol|actor|typealias)"
DECLARATION = re.compile(
    rf"((?:\b(?:public|package|internal|fileprivate|private|final|indirect|static|nonisolated)\s+)*)"
    rf"\b({TYPE}|func|extension)\s+([A-Za-z_]\w*)")
GENERIC = re.compile(r"(?:\bfunc\s+\w+|\binit[?!]?|\bsubscript|\b(?:struct|class|enum|actor)\s+\w+)\s*<([^<>()]*)>")
IMPORT = re.compile(r"^(?:@\w+\s+)*import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)",
                    re.MULTILINE)


def plain(text):
    """Swift source without comments and without the text of strings; what is interpolated into them stays."""
    result = []
    index, end = 0, len(text)
    # Open strings, innermost last: the quote's number of #, its form, and the parentheses open in an interpolation.
    open_strings = []

    def in_code():
        return not open_strings or open_strings[-1][2] > 0

    while index < end:
        if in_code():
            if text.startswith("//", index):
                index = text.find("\n", index)
                if index < 0:
                    break
                continue
            if text.startswith("/*", index):
                depth, index = 1, index + 2
                while index < end and depth:
                    if text.startswith("/*", index):
                        depth, index = depth + 1, index + 2
                    elif text.startswith("*/", index):
                        depth, index = depth - 1, index + 2
                    else:
                        index += 1
                result.append(" ")
                continue
            quote = re.compile(r'(#*)("""|")').match(text, index)
            if quote:
                open_strings.append([quote[1], quote[2], 0])
                index = quote.end()
                result.append(" ")
                continue
            character = text[index]
            if open_strings:
                if character == "(":
                    open_strings[-1][2] += 1
                elif character == ")":
                    open_strings[-1][2] -= 1
            result.append(" " if open_strings and open_strings[-1][2] == 0 else character)
            index += 1
            continue
        marks, form, _ = open_strings[-1]
        if text.startswith("\\" + marks + "(", index):
            open_strings[-1][2] = 1
            index += 2 + len(marks)
            result.append(" ")
        elif text.startswith("\\" + marks, index):
            index += 2 + len(marks)
        elif text.startswith(form + marks, index):
            open_strings.pop()
            index += len(form + marks)
            result.append(" ")
        else:
            if text[index] == "\n":
                result.append("\n")
            index += 1
    return "".join(result)


class Source:
    """One file: what it declares at file level, what only inside of it, and its code."""

    def __init__(self, path, room):
        self.path = path
        self.room = room
        self.code = plain(path.read_text())
        self.types = set()
        self.functions = set()
        self.extensions = set()
        self.own = set()
        depths = self.depths()
        for match in DECLARATION.finditer(self.code):
            words, kind, name = match[1].split(), match[2], match[3]
            if kind == "extension":
                self.extensions.add(name)
            elif depths[match.start(2)] > 0 or {"private", "fileprivate"} & set(words):
                self.own.add(name)
            elif kind == "func":
                self.functions.add(name)
            else:
                self.types.add(name)
        for match in GENERIC.finditer(self.code):
            self.own |= set(re.findall(r"(?:^|,)\s*(?:each\s+)?([A-Za-z_]\w*)", match[1]))
        self.own |= set(re.findall(r"\bassociatedtype\s+(\w+)", self.code))

    def depths(self):
        """How many braces are open at each place."""
        depth, result = 0, []
        for character in self.code:
            if character == "}":
                depth -= 1
            result.append(depth)
            if character == "{":
                depth += 1
        return result


def targets():
    """The targets of Package.swift that have sources, with the targets that they are declared to depend on."""
    manifest = re.sub(r"^\s*//.*$", "", (ROOT / "Package.swift").read_text(), flags=re.MULTILINE)
    found = {}
    calls = re.compile(r'(?:\b(?:library|command)\(\s*|\.(?:target|executableTarget|systemLibrary)\(\s*name:\s*)"([\w-]+)"')
    matches = list(calls.finditer(manifest))
    # What every command depends on, besides what its own line says.
    common = re.search(r"func command\(.*?^}", manifest, re.DOTALL | re.MULTILINE)
    common = set(re.findall(r'"([\w-]+)"', common[0])) if common else set()
    for match, following in zip(matches, matches[1:] + [None]):
        if (SOURCES / match[1]).is_dir():
            text = manifest[match.end():following.start() if following else len(manifest)]
            found[match[1]] = set(re.findall(r'"([\w-]+)"', text.split("tests(of:")[0]))
            if match[0].startswith("command"):
                found[match[1]] |= common
    return {name: {other for other in named if other in found and other != name} for name, named in found.items()}


def sources(target):
    """The files of a target, or of another folder with rooms in it."""
    folder = SOURCES / target
    result = []
    for path in sorted(folder.rglob("*.swift")):
        parts = path.relative_to(folder).parts
        result.append(Source(path, parts[0] if len(parts) > 1 else TOP))
    return result


def shadowed(files):
    """For each file the names that mean something of its own, also through the types it extends."""
    nested = collections.defaultdict(set)
    for file in files:
        for name in file.types | file.extensions:
            nested[name] |= file.own
    return {file.path: file.own.union(*(nested[name] for name in file.types | file.extensions)) for file in files}


def arrows(files):
    """Which room uses which, each with one place that does."""
    homes = collections.defaultdict(set)
    for file in files:
        for name in file.types | file.functions:
            homes[name].add(file.room)
    # A function may have one name in two rooms: then it is ambiguous.
    homes = {name: next(iter(rooms)) for name, rooms in homes.items() if len(rooms) == 1}
    functions = set().union(*(file.functions for file in files)) if files else set()
    hidden = shadowed(files)
    result = {}
    for file in files:
        for match in re.finditer(r"(?<![\w.`#@\\])([A-Za-z_]\w*)(?=(\s*\()?)", file.code):
            name = match[1]
            home = homes.get(name)
            if home is None or home == file.room or name in hidden[file.path]:
                continue
            if name in functions and not match[2]:
                continue
            if (file.room, home) not in result:
                line = file.code.count("\n", 0, match.start()) + 1
                result[file.room, home] = f"{os.path.relpath(file.path, ROOT)}:{line} {name}"
    return result


def circles(edges):
    """The groups of nodes that reach each other (Tarjan's strongly connected components of more than one)."""
    following = collections.defaultdict(list)
    for start, end in edges:
        following[start].append(end)
    numbers, lows, stack, result = {}, {}, [], []

    def visit(node):
        numbers[node] = lows[node] = len(numbers)
        stack.append(node)
        for other in sorted(following[node]):
            if other not in numbers:
                visit(other)
            if other in stack:
                lows[node] = min(lows[node], lows[other])
        if lows[node] == numbers[node]:
            group = []
            while not group or group[-1] != node:
                group.append(stack.pop())
            if len(group) > 1:
                result.append(sorted(group))

    for node in sorted({node for edge in edges for node in edge}):
        if node not in numbers:
            visit(node)
    return result


def described(group, edges):
    lines = [f"a circle over {len(group)}: {', '.join(group)}"]
    lines += [f"  {start} -> {end}: {example}" for (start, end), example in sorted(edges.items())
              if start in group and end in group]
    return "\n".join(lines)


class Structure(unittest.TestCase):
    def test_targets(self):
        """No circle between targets, neither of what Package.swift says nor of what is imported."""
        declared = targets()
        edges = {(name, other): "Package.swift" for name, others in declared.items() for other in others}
        for name in declared:
            for path in sorted((SOURCES / name).rglob("*.swift")):
                for other in IMPORT.findall(path.read_text()):
                    if other in declared and other != name:
                        edges[name, other] = f"{path.relative_to(ROOT)} import {other}"
        self.assertGreater(len(edges), 10, "Package.swift is not read as it should be")
        found = [described(group, edges) for group in circles(edges)]
        self.assertEqual(found, [], "\n".join(found))

    def test_imports_are_declared(self):
        """A target imports no other that Package.swift does not give it."""
        declared = targets()
        found = []
        for name, others in declared.items():
            for path in sorted((SOURCES / name).rglob("*.swift")):
                found += [f"{path.relative_to(ROOT)}: {other}" for other in IMPORT.findall(path.read_text())
                          if other in declared and other != name and other not in others]
        self.assertEqual(found, [])

    def test_foundation_is_not_linked(self):
        """With its tables of all languages, a tool that is linked with it is 44 MB larger; FoundationEssentials is not."""
        found = [str(path.relative_to(ROOT)) for path in sorted(SOURCES.rglob("*.swift"))
                 if "Foundation" in IMPORT.findall(path.read_text())]
        self.assertEqual(found, [])

    def test_folders(self):
        """No circle between the folders of a target."""
        found = []
        rooms = 0
        for name in targets():
            edges = arrows(sources(name))
            rooms += len({room for edge in edges for room in edge})
            found += [f"{name}: " + described(group, edges) for group in circles(edges)]
        self.assertGreater(rooms, 0, "no target has folders that use each other")
        self.assertEqual(found, [], "\n".join(found))

    def test_circle_is_found(self):
        """Of a target made up here: types, extensions and functions count; strings, comments and nested names do not."""
        files = {
            "A/One.swift": "struct One { struct Item {} }\nfunc helper() {}",
            "B/Two.swift": "struct Two { var one: One }",
            "C/Three.swift": "struct Three {}\nextension Two { func f() { helper() } }",
            "A/Four.swift": 'struct Four { enum Two { case a }\n var t: Two // Three\n let s = "Three" }',
            "B/Five.swift": "func five<Three>(_ x: Three, helper: Int) { x.Item(); four.helper() }",
        }
        with tempfile.TemporaryDirectory() as folder:
            def write(name, text):
                path = pathlib.Path(folder) / name
                path.parent.mkdir(exist_ok=True)
                path.write_text(text)
            for name, text in files.items():
                write(name, text)
            edges = arrows(sources(folder))
            self.assertEqual(set(edges), {("B", "A"), ("C", "A"), ("C", "B")})
            self.assertEqual(circles(edges), [])
            write("A/Six.swift", "extension One { var third: Three? { nil } }")
            edges = arrows(sources(folder))
            self.assertEqual(circles(edges), [["A", "B", "C"]])
            self.assertTrue(edges["A", "C"].endswith("A/Six.swift:1 Three"), edges["A", "C"])

    def test_reader(self):
        """Comments and strings are no code; what is interpolated is."""
        text = 'let a = "B \\(C("D").e) F" // G\n/* H /* I */ J */ let k = #"L \\#(M) N"# + """\n O "P" \\(Q)\n"""'
        self.assertEqual(re.findall(r"[A-Z]", plain(text)), ["C", "M", "Q"])


if __name__ == "__main__":
    unittest.main()
