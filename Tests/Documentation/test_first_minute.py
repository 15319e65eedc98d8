"""What a person sees who has just installed the tools: on a terminal, without arguments; and of what version it is.

Standard library only; the tools as for test_documentation.
"""

import datetime
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import option_lists  # noqa: E402
from test_documentation import BIN, PAGES, ROOT, TOOLS, UNLISTED, commands, help_options  # noqa: E402

CHANGELOG = ROOT / "CHANGELOG.md"
VERSION = re.search(r'toolVersion = "(.*?)"', (ROOT / "Sources" / "FilterTool" / "Version.swift").read_text())[1]


def on_a_terminal(tool):
    """Exit status and lines of a tool whose input is a terminal, without arguments."""
    controller, terminal = pty.openpty()
    try:
        result = subprocess.run([str(BIN / tool)], stdin=terminal, capture_output=True, text=True, timeout=60)
    finally:
        os.close(controller)
        os.close(terminal)
    assert result.stdout == "", result.stdout
    return result.returncode, result.stderr.splitlines()


def first_example(tool):
    """The line that a tool shows on a terminal."""
    mark = f"{tool}: for example: "
    return next(line.removeprefix(mark) for line in on_a_terminal(tool)[1] if line.startswith(mark))


class FirstMinute(unittest.TestCase):
    def setUp(self):
        if BIN is None:
            self.skipTest("the tools are not built (make build, or FM_BIN=FOLDER)")
        if not os.access("/dev/ptmx", os.W_OK):
            self.skipTest("this system has no pseudo-terminals")

    def test_without_arguments_a_tool_says_what_it_does(self):
        for tool in TOOLS:
            with self.subTest(tool):
                status, lines = on_a_terminal(tool)
                self.assertEqual(status, 64)
                self.assertEqual(lines[0], f"{tool}: {option_lists.dump(BIN, tool)['abstract']}")
                self.assertEqual(lines[2], f"{tool}: see {tool} --help, man {tool}, or man fm for all tools")
                self.assertEqual(len(lines), 3, lines)
                # The line is one of this tool, with options that there are.
                found = commands(lines[1].removeprefix(f"{tool}: for example: "))
                self.assertIn(tool, [name for name, _ in found], lines[1])
                for name, options in found:
                    self.assertLessEqual(options, help_options(name) | UNLISTED)

    def test_without_a_terminal_nothing_is_explained(self):
        """A script whose input is missing gets an error, as before."""
        for tool in TOOLS:
            with self.subTest(tool):
                result = subprocess.run([str(BIN / tool)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
                self.assertNotIn("for example", result.stderr)
                self.assertNotEqual(result.returncode, 0)


class Version(unittest.TestCase):
    def test_the_version_stands_in_one_place(self):
        """What packs reads it there, and CHANGELOG begins with it."""
        self.assertRegex(VERSION, r"^\d+\.\d+\.\d+$")
        headings = re.findall(r"^## \[(.*?)\] - (.*)$", CHANGELOG.read_text(), re.M)
        self.assertEqual(headings[0][0], VERSION)
        for path in [ROOT / "Makefile", *(ROOT / "Sources" / "Packaging").rglob("*")]:
            if path.is_file():
                self.assertNotIn(f'"{VERSION}"', path.read_text(), path)
        facts = subprocess.run(["bash", "-euc", '. Sources/Packaging/facts.sh; echo "$version $SOURCE_DATE_EPOCH"'],
                               cwd=ROOT, capture_output=True, text=True, check=True,
                               env={key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}).stdout.split()
        day = headings[0][1]
        if day == "Unreleased":
            # Before a release: the last commit's time, so that it sorts below the release.
            self.assertRegex(facts[0], rf"^{re.escape(VERSION)}~\d{{8}}\.\d{{4}}$")
        else:
            self.assertEqual(facts[0], VERSION)
            self.assertEqual(datetime.datetime.fromtimestamp(int(facts[1]), datetime.timezone.utc).isoformat(),
                             f"{day}T00:00:00+00:00")

    def test_pages_have_the_date_of_the_version(self):
        """`make dated` writes both."""
        dates = {re.match(r"\.Dd (.*)\n", page.read_text())[1] for page in PAGES}
        self.assertEqual(len(dates), 1, dates)
        day = datetime.datetime.strptime(dates.pop(), "%B %d, %Y").date().isoformat()
        heading = re.search(r"^## \[.*?\] - (.*)$", CHANGELOG.read_text(), re.M)[1]
        self.assertIn(heading, (day, "Unreleased"))

    def test_a_release_is_dated_and_described(self):
        """In a copy of what `make dated` and the end of `make release` work on."""
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            for name in ("Sources/Packaging", "man"):
                shutil.copytree(ROOT / name, copy / name)
            (copy / "Sources" / "FilterTool").mkdir()
            shutil.copy(ROOT / "Sources" / "FilterTool" / "Version.swift", copy / "Sources" / "FilterTool")
            shutil.copy(CHANGELOG, copy)
            packages = copy / "packages"
            packages.mkdir()
            for name in (f"fm_{VERSION}-1+deb12_amd64.deb", f"fm-{VERSION}-deb12-x86_64.tar.gz"):
                (packages / name).write_text(name)

            def release(*words):
                return subprocess.run([copy / "Sources/Packaging/release", *words], capture_output=True, text=True, check=True,
                                      env={key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"})
            release("date", "2027-01-05")
            self.assertIn(f"\n## [{VERSION}] - 2027-01-05\n", (copy / "CHANGELOG.md").read_text())
            for page in (copy / "man").iterdir():
                self.assertTrue(page.read_text().startswith(".Dd January 5, 2027\n"), page.name)
            release("notes", str(packages))
            section = re.search(rf"^## \[{re.escape(VERSION)}\].*?\n\n(.*?)(?=^## |\Z)", CHANGELOG.read_text(), re.M | re.S)[1]
            self.assertEqual((packages / f"fm-{VERSION}.md").read_text(), section)
            sums = (packages / "SHA256SUMS").read_text().splitlines()
            self.assertEqual([line.split()[1] for line in sums], sorted(path.name for path in packages.iterdir()
                                                                         if path.suffix in (".deb", ".gz"))[::-1])
            subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=packages, check=True)


if __name__ == "__main__":
    unittest.main()
