"""README.md files: their links, pictures, commands and lists match what the checkout has; so does fm(7).

Standard library only.

    python3 -m unittest discover -s Tests/Documentation
"""

import pathlib
import re
import sys
import unittest

sys.dont_write_bytecode = True
import draw_targets  # noqa: E402
import test_documentation  # noqa: E402
import test_structure  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md", ROOT / "Sources" / "README.md", ROOT / "Tests" / "README.md",
    ROOT / "Tests" / "Benchmarks" / "README.md", ROOT / "Sources" / "fm-classify" / "Models" / "README.md"]
DRAWING = ROOT / "Sources" / "targets.svg"
PICTURE = ROOT / "Tests" / "Demo" / "portraits.png"


class ReadmeTests(unittest.TestCase):
    def test_the_first_page_is_short(self):
        self.assertLessEqual(len((ROOT / "README.md").read_text().splitlines()), 140)

    def test_lines_fit(self):
        for page in PAGES:
            for number, line in enumerate(page.read_text().splitlines(), 1):
                # Tables and commands cannot be wrapped.
                if not line.startswith(("|", "    ")):
                    self.assertLessEqual(len(line), 128, f"{page.relative_to(ROOT)}:{number}")

    def test_links_lead_to_files(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
                if not target.startswith("https://"):
                    with self.subTest(page=str(page.relative_to(ROOT)), target=target):
                        self.assertTrue((page.parent / target).exists())

    def test_tools_are_listed(self):
        text = (ROOT / "README.md").read_text()
        for tool in test_documentation.TOOLS:
            self.assertIn(f"| `{tool}` |", text)

    def test_make_targets_exist(self):
        known = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.M))
        for page in PAGES:
            for name in re.findall(r"(?:^    (?:sudo )?|`)make ([a-z][a-z0-9-]*)", page.read_text(), re.M):
                self.assertIn(name, known, page)

    def test_folders_of_the_tests_are_listed(self):
        listed = set(re.findall(r"^\| `([A-Z]\w*)", (ROOT / "Tests" / "README.md").read_text(), re.M))
        self.assertEqual(listed, {path.name for path in (ROOT / "Tests").iterdir() if path.is_dir()})

    def test_examples_use_existing_options(self):
        if test_documentation.BIN is None:
            self.skipTest("the tools are not built (make build, or FM_BIN=FOLDER)")
        options = {tool: test_documentation.help_options(tool) for tool in test_documentation.TOOLS}
        for page in PAGES:
            inline = "\n".join(re.findall(r"`(fm-[^`]*)`", page.read_text())).replace("\\|", "|")
            for tool, used in test_documentation.commands(test_documentation.examples(page) + "\n" + inline):
                with self.subTest(page=str(page.relative_to(ROOT)), tool=tool):
                    self.assertLessEqual(used, options[tool] | test_documentation.UNLISTED)


class PictureTests(unittest.TestCase):
    def test_the_drawing_is_up_to_date(self):
        self.assertEqual(
            draw_targets.drawing(test_structure.targets()), DRAWING.read_text(),
            "regenerate it with python3 Tests/Documentation/draw_targets.py > Sources/targets.svg")

    def test_the_drawing_shows_every_target(self):
        names = set(re.findall(r'middle">([\w-]+)</text>', DRAWING.read_text()))
        folders = {path.name for path in test_structure.SOURCES.iterdir() if path.is_dir()}
        self.assertLessEqual(set(test_structure.targets()), names)
        # A folder that is not a target holds no code.
        for folder in folders - names:
            self.assertEqual(list((test_structure.SOURCES / folder).rglob("*.swift")), [], folder)

    def test_arrows_that_follow_from_others_are_left_out(self):
        graph = {"a": {"b", "c"}, "b": {"c"}, "c": set()}
        self.assertEqual(draw_targets.reduced(graph), {"a": ["b"], "b": ["c"], "c": []})

    def test_the_picture_is_small(self):
        data = PICTURE.read_bytes()
        self.assertTrue(data.startswith(b"\x89PNG\r\n\x1a\n"))
        self.assertLess(len(data), 300_000)


class SharedPageTests(unittest.TestCase):
    """fm(7), which says what all tools share."""

    def setUp(self):
        self.text = (ROOT / "man" / "fm.7").read_text()

    def section(self, name):
        return re.search(rf"^\.Sh {name}\n(.*?)(?=^\.Sh |\Z)", self.text, re.M | re.S)[1]

    def test_exit_statuses_are_those_of_the_tools(self):
        source = (ROOT / "Sources" / "FilterTool" / "Tool.swift").read_text()
        statuses = set(re.findall(r"^    case [.\w, ]+: (\d+)$", source, re.M))
        statuses |= set(re.findall(r"exitStatus: Int32 { isTemporary && [^?]*\? (\d+) :", source))
        self.assertGreater(len(statuses), 3)
        self.assertEqual(set(re.findall(r"^\.It (\d+)$", self.section("EXIT STATUS"), re.M)), statuses | {"0"})

    def test_environment_has_every_variable(self):
        found = set()
        for path in (ROOT / "Sources").rglob("*"):
            if path.suffix in (".swift", ".c", ".h"):
                text = path.read_text()
                found |= set(re.findall(r'(?:getenv\(|CP_VARIABLE )"(\w+)"', text))
        self.assertIn("FM_SIMD", found)
        listed = set(re.findall(r"[A-Z]+_\w+", " ".join(re.findall(r"^\.It Ev (.*)$", self.section("ENVIRONMENT"), re.M))))
        self.assertLessEqual(found, listed)

    def test_programs_for_jq_are_those_that_ship(self):
        shipped = {path.name for path in (ROOT / "Sources" / "Share" / "jq").glob("*.jq")}
        self.assertEqual(set(re.findall(r"^\.It Pa ([\w-]+\.jq)$", self.text, re.M)), shipped)


if __name__ == "__main__":
    unittest.main()
