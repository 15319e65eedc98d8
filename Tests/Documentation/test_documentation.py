"""Man pages, completions, README and the tools' own --help say the same.

Standard library only. The tools are looked for in the folder FM_BIN, else in .build-test/release or
.build/release; without them, only what needs none is tested.

    python3 -m unittest discover -s Tests/Documentation
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import option_lists

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = tuple(sorted(folder.name for folder in (ROOT / "Sources").glob("fm-*")))
# What a tool is made of; the first is what it does without a name.
SUBCOMMANDS = {
    "fm-export": ("write", "compare"),
    "fm-stream": ("check", "merge", "view", "index", "compress", "doctor"),
    "fm-train": ("fit", "detector", "evaluate", "tune", "calibrate", "quantize", "export", "show", "compare")}
PAGES = [ROOT / "man" / f"{tool}.1" for tool in TOOLS] + [ROOT / "man" / "fm-stream.5", ROOT / "man" / "fm.7"]
COMPLETIONS = {
    "bash": lambda tool: ROOT / "completions" / f"{tool}.bash",
    "zsh": lambda tool: ROOT / "completions" / f"_{tool}",
    "fish": lambda tool: ROOT / "completions" / f"{tool}.fish",
}
# swift-argument-parser adds it to every command and shows it in no help.
UNLISTED = {"--generate-completion-script"}


def folder():
    """Where the tools are; None if they are not built."""
    given = os.environ.get("FM_BIN")
    places = [pathlib.Path(given)] if given else [ROOT / ".build-test" / "release", ROOT / ".build" / "release"]
    places = [place for place in places if all(os.access(place / tool, os.X_OK) for tool in TOOLS)]
    # Of two builds the newer one is what the pages are about.
    return max(places, key=lambda place: (place / TOOLS[0]).stat().st_mtime, default=None)


BIN = folder()


def run(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True,
                          stdin=subprocess.DEVNULL, timeout=60).stdout


def help_options(tool):
    """The options that a tool's --help lists, long and short, with those of all its subcommands."""
    options = set()
    for words in [(), *((name,) for name in SUBCOMMANDS.get(tool, ()))]:
        for line in run(BIN / tool, *words, "--help").splitlines():
            match = re.match(r"  (-[^ ].*)", line)
            if match:
                options |= set(re.findall(r"(?:^|, |/)(--?[a-z][a-z0-9-]*)", re.split(r"  ", match[1])[0]))
    return options


def page_options(page):
    """The options that have an item of their own in a page's list, long and short."""
    options = set()
    for line in page.read_text().splitlines():
        if line.startswith(".It Fl "):
            options |= {"-" + name for name in re.findall(r"Fl (-?[a-z][a-z0-9-]*)", line)}
    return options


def synopsis_options(page):
    text = page.read_text().split(".Sh SYNOPSIS")[1].split(".Sh DESCRIPTION")[0]
    return {"-" + name for name in re.findall(r"Fl (-?[a-z][a-z0-9-]*)", text)} | {
        "-" + name for name in re.findall(r"\| (-[a-z][a-z0-9-]*)", text)}


def commands(text):
    """Every (tool, options) that an example text calls: a command ends at a pipe, a quote or a line's end."""
    text = re.sub(r"\\\n", " ", text)
    # Text in quotes is another program's, unless a tool is called in it.
    text = re.sub(r"'[^']*'", lambda m: m[0].strip("'") if "fm-" in m[0] else "''", text)
    found = []
    for part in re.split(r"[|;>\n()]", text):
        words = part.split()
        for index, word in enumerate(words):
            if word in TOOLS:
                found.append((word, {w.split("=")[0] for w in words[index + 1:] if re.match(r"--?[a-z]", w)}))
                break
    return found


def examples(path):
    """The literal blocks of a page or of the README."""
    text = path.read_text()
    if path.suffix == ".md":
        return "\n".join(re.findall(r"^```[a-z]*\n(.*?)^```", text, re.M | re.S)
                         + re.findall(r"(?:^    .*\n)+", text, re.M))
    blocks = "\n".join(re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", text, re.M | re.S))
    return blocks.replace("\\e", "\\")


class ToolsTests(unittest.TestCase):
    def setUp(self):
        if BIN is None:
            self.skipTest("the tools are not built (make build, or FM_BIN=FOLDER)")

    def test_every_option_stands_in_its_page(self):
        for tool in TOOLS:
            with self.subTest(tool):
                self.assertEqual(help_options(tool), page_options(ROOT / "man" / f"{tool}.1") - UNLISTED)

    def test_option_lists_are_what_the_declarations_say(self):
        for tool in TOOLS:
            with self.subTest(tool):
                text = (ROOT / "man" / f"{tool}.1").read_text()
                self.assertEqual(option_lists.page(text, option_lists.dump(BIN, tool)), text,
                                 f"man/{tool}.1 is out of date: make manual regenerates it")

    def test_help_of_a_group_shows_common_options_of_its_default(self):
        """Ten options of fit, in the words of fit's own help, and where the others are."""
        text = run(BIN / "fm-train", "--help")
        self.assertIn("fm-train fit --help", text)
        section = text.split("COMMON OPTIONS OF FIT")[1].split("\n\nOPTIONS:")[0].split("\n", 1)[1]
        self.assertEqual(len(re.findall(r"^  -", section, re.M)), 10)
        whole = run(BIN / "fm-train", "fit", "--help")
        for entry in re.split(r"\n(?=  -)", section):
            self.assertIn(entry + "\n", whole)
        self.assertLess(max(map(len, text.splitlines())), 81)

    def test_versions_are_the_same(self):
        """Each tool's name, the version of the sources and the commit that the build was given, if any."""
        declared = re.search(r'toolVersion = "(.*?)"', (ROOT / "Sources/FilterTool/Version.swift").read_text())[1]
        lines = {run(BIN / tool, "--version").removeprefix(tool) for tool in TOOLS}
        self.assertEqual(len(lines), 1, lines)
        self.assertRegex(lines.pop(), rf"^ {re.escape(declared)}( \([\w.-]+\))?\n$")

    def test_every_subcommand_stands_in_its_page(self):
        for tool, names in SUBCOMMANDS.items():
            listed = re.findall(r"^  ([a-z]+)(?: \(default\))?  ", run(BIN / tool, "--help").split("SUBCOMMANDS:")[1], re.M)
            self.assertEqual(tuple(listed), names)
            page = (ROOT / "man" / f"{tool}.1").read_text()
            for name in names:
                self.assertRegex(page, rf"\.Ss {name}\b|\.Cm {name}\b", name)

    def test_every_option_of_a_synopsis_exists(self):
        for tool in TOOLS:
            with self.subTest(tool):
                self.assertLessEqual(synopsis_options(ROOT / "man" / f"{tool}.1"), help_options(tool))

    def test_a_synopsis_has_every_option(self):
        """By one of its names; subcommands' synopses say "options" instead."""
        for tool in set(TOOLS) - set(SUBCOMMANDS):
            synopsis = synopsis_options(ROOT / "man" / f"{tool}.1") | {"--help", "--version"}
            for argument in option_lists.arguments(option_lists.dump(BIN, tool)):
                names = set(option_lists.spellings(argument))
                with self.subTest(tool=tool, names=names):
                    self.assertTrue(not names or names & synopsis)

    def test_completions_are_what_the_tools_generate(self):
        for tool in TOOLS:
            for shell, path in COMPLETIONS.items():
                with self.subTest(tool=tool, shell=shell):
                    generated = run(BIN / tool, "--generate-completion-script", shell)
                    self.assertEqual(
                        generated, path(tool).read_text(),
                        f"{path(tool).relative_to(ROOT)} is out of date: regenerate it with "
                        f"{tool} --generate-completion-script {shell}")

    def test_completions_know_every_long_option(self):
        for tool in TOOLS:
            for shell, path in COMPLETIONS.items():
                text = path(tool).read_text()
                for option in help_options(tool):
                    if option.startswith("--"):
                        name = "-l '?" + option[2:] + r"\b" if shell == "fish" else option + r"\b"
                        with self.subTest(tool=tool, shell=shell, option=option):
                            self.assertRegex(text, name)

    def test_examples_use_existing_options(self):
        known = {tool: help_options(tool) | UNLISTED for tool in TOOLS}
        for path in PAGES + [ROOT / "README.md"]:
            found = commands(examples(path))
            self.assertTrue(found, path)
            for tool, options in found:
                with self.subTest(path=path.name, tool=tool):
                    self.assertLessEqual(options, known[tool])

    def test_worked_example_of_the_format(self):
        """The stream in fm-stream(5) is what fm-decode writes, but for the pixels and versions."""
        command, dump = re.search(r"\$ (fm-decode.*?)\| od -c\n(.*?)\n\.Ed",
                                  (ROOT / "man" / "fm-stream.5").read_text().replace("\\e", "\\"), re.S).groups()
        words = command.replace("\\\n", " ").split()
        stream = subprocess.run([str(BIN / words[0]), *words[1:]], capture_output=True, check=True).stdout
        shown = bytearray()
        for line in dump.splitlines():
            cells = [line[7 + 4 * i:11 + 4 * i].strip() for i in range((len(line) - 7) // 4)]
            shown += bytes(int(c, 8) if re.fullmatch("[0-7]{3}", c) else {"\\n": 10, "\\0": 0}.get(c) or ord(c[-1:])
                           if c not in ("\\0",) else 0 for c in cells if c)
        def lines(data):
            found = [line for line in data.split(b"\n") if line.startswith(b"{")]
            return [re.sub(rb'"(version|ffmpeg)":"[^"]*"|"options":{[^}]*}', b"", line) for line in found]
        def options(data):
            return json.loads(data.split(b"\n")[0])["history"][0]["options"]
        self.assertEqual(lines(bytes(shown)), lines(stream))
        # A new option with a default need not be in the page at once.
        self.assertLessEqual(options(bytes(shown)).items(), options(stream).items())


class BuildTests(unittest.TestCase):
    def test_the_commit_goes_into_the_build(self):
        """FM_COMMIT becomes a macro of one small target; without it, or with nonsense, there is none."""
        if not shutil.which("swift"):
            self.skipTest("swift is not in PATH")
        for commit, expected in (("1a2b3c4d5e6f-dirty", ['FM_COMMIT="1a2b3c4d5e6f-dirty"']), ("", []), ('a"b c', [])):
            with self.subTest(commit), tempfile.TemporaryDirectory() as scratch:
                package = json.loads(subprocess.run(
                    ["swift", "package", "--package-path", str(ROOT), "--scratch-path", scratch, "dump-package"],
                    env=os.environ | {"FM_COMMIT": commit}, capture_output=True, text=True, check=True,
                    stdin=subprocess.DEVNULL, timeout=300).stdout)
                settings = {target["name"]: json.dumps(target.get("settings", [])) for target in package["targets"]}
                found = [text for text in settings.values() if "FM_COMMIT" in text]
                self.assertEqual(len(found), len(expected))
                for text, macro in zip(found, expected):
                    self.assertIn(json.dumps(macro), text)
                    self.assertEqual(text, settings["CVersion"])

    def test_make_gives_the_commit(self):
        if not shutil.which("git") or not (ROOT / ".git").exists():
            self.skipTest("no git checkout")
        commit = run("git", "-C", ROOT, "rev-parse", "--short=12", "HEAD").strip()
        # The make that runs the tests has given them its own.
        surroundings = {key: value for key, value in os.environ.items()
                        if key not in ("FM_COMMIT", "MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
        database = subprocess.run(
            ["make", "-n", "-p", "-C", str(ROOT), "help"], env=surroundings, capture_output=True, text=True,
            check=True, stdin=subprocess.DEVNULL, timeout=60).stdout
        given = [line for line in database.splitlines() if line.startswith("FM_COMMIT ")]
        self.assertEqual(len(given), 1)
        self.assertTrue(given[0].startswith(f"FM_COMMIT := {commit}"), given[0])


class PagesTests(unittest.TestCase):
    def test_pages_are_clean_mdoc(self):
        if not shutil.which("mandoc"):
            self.skipTest("mandoc is not installed")
        result = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *map(str, PAGES)], capture_output=True,
                                text=True)
        self.assertEqual((result.returncode, result.stdout + result.stderr), (0, ""))

    def test_pages_are_shown_without_a_complaint(self):
        if not shutil.which("man"):
            self.skipTest("man is not installed")
        for page in PAGES:
            with self.subTest(page.name):
                result = subprocess.run(["man", "-l", str(page)], capture_output=True, stdin=subprocess.DEVNULL,
                                        env=os.environ | {"LC_ALL": "C.UTF-8", "MANPAGER": "cat", "MANWIDTH": "100"})
                self.assertEqual((result.returncode, result.stderr), (0, b""))
                # The end of the page is there, too.
                self.assertGreater(len(result.stdout), 1000)

    def test_pages_and_tools_are_all_there(self):
        for page in PAGES:
            self.assertTrue(page.is_file(), page)
        for tool in TOOLS:
            for path in COMPLETIONS.values():
                self.assertTrue(path(tool).is_file(), path(tool))
        self.assertEqual({page.name for page in PAGES}, {page.name for page in (ROOT / "man").iterdir()})

    def test_install_takes_files_that_are_there(self):
        if not shutil.which("make") or not (ROOT / "Makefile").is_file():
            self.skipTest("make is not installed")
        plan = run("make", "-n", "-C", ROOT, "install", "DESTDIR=/nowhere")
        wanted = {name for name in re.findall(r"(?<![\w./])(?:man|completions|Sources)/[\w.-][\w./-]*", plan)
                  if name.startswith(("man/", "completions/")) or name.endswith(".keras")}
        self.assertGreaterEqual(len(wanted), len(PAGES) + 3 * len(TOOLS) + 1)
        for name in wanted:
            self.assertTrue((ROOT / name).is_file(), name)

    def test_references_between_pages_exist(self):
        names = {(page.stem, page.suffix[1:]) for page in PAGES}
        for page in PAGES:
            for name, section in re.findall(r"^\.Xr (fm[a-z-]*) ([0-9])", page.read_text(), re.M):
                self.assertIn((name, section), names, page)


if __name__ == "__main__":
    unittest.main()
