"""CONTRIBUTING.md and CHANGELOG.md speak of files, targets of make and types that exist."""

import os
import re
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from share_support import ROOT, SHARE  # noqa: E402


class Contributing(unittest.TestCase):
    text = (ROOT / "CONTRIBUTING.md").read_text()

    def test_paths(self):
        paths = [path for path in re.findall(r"`((?:Sources|Tests|man|completions)/[^`\s]+)`", self.text)
                 if not re.search("NAME|Name|WHAT", path)]
        self.assertGreater(len(paths), 25)
        self.assertEqual([path for path in paths if not (ROOT / path).exists()], [])

    def test_targets_of_make(self):
        makefile = (ROOT / "Makefile").read_text()
        for name in set(re.findall(r"`make ([a-z-]+)", self.text + (ROOT / "CHANGELOG.md").read_text()
                                   + (ROOT / "SECURITY.md").read_text() + (ROOT / ".github/pull_request_template.md").read_text())):
            self.assertRegex(makefile, rf"(?m)^{name}:", name)

    def test_suites(self):
        for name in re.findall(r"--filter (\w+)|-k (\w+)", self.text):
            name = name[0] or name[1]
            found = [path for path in (ROOT / "Tests").rglob("*") if path.suffix in (".swift", ".py")
                     and re.search(rf"(?:struct|def) {name}\b", path.read_text())]
            self.assertTrue(found, name)

    def test_changelog(self):
        text = (ROOT / "CHANGELOG.md").read_text()
        versions = re.findall(r"^## \[([0-9.]+)\] - (Unreleased|\d{4}-\d\d-\d\d)$", text, re.M)
        self.assertEqual(len(versions), len(re.findall("^## ", text, re.M)))
        self.assertEqual(versions, sorted(versions, key=lambda v: [int(n) for n in v[0].split(".")], reverse=True))
        self.assertLessEqual(set(re.findall(r"^### (.*)$", text, re.M)),
                             {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"})
        for name in re.findall(r"`(\S+\.jq)`", text):
            self.assertTrue((SHARE / "jq" / name).is_file(), name)


if __name__ == "__main__":
    unittest.main()
