"""The examples of FrameStream's documentation: as printed, they compile, run and do the same in each language."""

import json
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from share_support import BIN, EXAMPLES, NO_JQ, NO_TOOLS, ROOT, SHARE, face, pipe, portrait, run, stream  # noqa: E402

CATALOG = ROOT / "Sources" / "FrameStream" / "FrameStream.docc"
FOLDER = EXAMPLES / "LargeFaces"
SWIFT = BIN and BIN / "large-faces"
PYTHON = [sys.executable, "-B", FOLDER / "large_faces.py"]
SHELL = ["sh", FOLDER / "large-faces"]
WIDE, NARROW = face("happy", 1, 0, box=(0, 0, 64, 9)), face("sad", 0, 1, box=(0, 0, 63, 9))
MADE = stream([(0, [WIDE, NARROW]), (1, []), (2, None), (3, [NARROW | {"lab-gaze": [1, 2]}, WIDE | {"lab-gaze": "x"}])])


def blocks(article, language):
    return re.findall(rf"```{language}\n(.*?)```", (CATALOG / article).read_text(), re.S)


def records(text):
    return [json.loads(line) for line in text.splitlines()]


class Printed(unittest.TestCase):
    def test_the_articles_print_what_is_tested(self):
        self.assertIn((FOLDER / "LargeFaces.swift").read_text(), blocks("WriteAFilter.md", "swift"))
        self.assertIn((FOLDER / "large_faces.py").read_text(), blocks("WriteAFilter.md", "python"))
        self.assertIn((FOLDER / "large-faces").read_text(), blocks("WriteAFilter.md", "sh"))
        self.assertIn((EXAMPLES / "ReadAStream" / "main.swift").read_text(), blocks("ReadAStream.md", "swift"))

    def test_the_catalog_names_every_public_type(self):
        """Each type of the library is in a topic of the overview, and each of its topics is a type."""
        text = "".join(path.read_text() for path in sorted((ROOT / "Sources" / "FrameStream").rglob("*.swift")))
        public = set(re.findall(r"^public (?:final |indirect )?(?:struct|enum|class|protocol) (\w+)", text, re.M))
        overview = (CATALOG / "FrameStream.md").read_text().split("## Topics")[1]
        self.assertEqual(public, set(re.findall(r"^- ``(\w+)``$", overview, re.M)))


class Filters(unittest.TestCase):
    maxDiff = None

    def filters(self):
        found = [("Python", PYTHON)]
        if NO_JQ is None:
            found.append(("jq", SHELL))
        if SWIFT and os.access(SWIFT, os.X_OK):
            found.append(("Swift", [SWIFT]))
        return found

    def run_filter(self, command, *arguments, data=MADE):
        return run([*command, *arguments], data, env=os.environ | {"PYTHONPATH": str(SHARE / "python")})

    def test_they_keep_wide_faces(self):
        expected = records(MADE)
        expected[0]["history"].append({"name": "large-faces", "version": "1", "arguments": ["64"]})
        expected[1]["faces"] = [WIDE]
        expected[4]["faces"] = [WIDE | {"lab-gaze": "x"}]
        for name, command in self.filters():
            for arguments in ((), ("64",)):
                with self.subTest(name):
                    result = self.run_filter(command, *arguments)
                    self.assertEqual((result.returncode, result.stderr), (0, b""))
                    self.assertEqual(records(result.stdout), expected)
            twice = self.run_filter(command, "64", data=MADE + MADE)
            self.assertEqual((twice.returncode, records(twice.stdout)), (0, expected + expected))

    def test_they_pass_a_failure_on(self):
        for name, command in self.filters():
            for status in ("error", "interrupted", "melted"):
                with self.subTest(name=name, status=status):
                    result = self.run_filter(command, "1", data=stream([(0, [WIDE])], status=status) + MADE)
                    self.assertEqual(result.returncode, 1)
                    ends = [record for record in records(result.stdout) if record["type"] == "end"]
                    self.assertEqual([end["status"] for end in ends], [status, "ok"])

    def test_they_close_a_stream_that_is_cut(self):
        for name, command in self.filters():
            with self.subTest(name):
                result = self.run_filter(command, "1", data=stream([(0, [WIDE]), (1, [])], closed=False))
                self.assertNotEqual(result.returncode, 0)
                self.assertTrue(result.stderr.startswith(b"large-faces: "), result.stderr)
                self.assertEqual(len(result.stderr.splitlines()), 1)
                end = records(result.stdout)[-1]
                self.assertEqual((end["type"], end["frames"], end["status"]), ("end", 2, "error"))
                self.assertTrue(end["message"].startswith("large-faces: "))

    @unittest.skipUnless(BIN, NO_TOOLS)
    def test_pixels_go_through(self):
        """Swift and Python write the same stream of a real picture, and the next tool takes it."""
        picture = portrait()
        if picture is None:
            self.skipTest("no portrait")
        statuses, found = pipe(["fm-decode", picture], ["fm-detect"])
        self.assertEqual(statuses, [0, 0])
        digests = set()
        for name, command in self.filters():
            if name == "jq":
                continue
            for width in ("1", "9999"):
                result = self.run_filter(command, width, data=found)
                self.assertEqual((result.returncode, result.stderr), (0, b""), name)
                statuses, classified = pipe(["fm-classify", "--no-pixels"], data=result.stdout)
                self.assertEqual(statuses, [0])
                self.assertEqual(len(records(classified)[1]["faces"]), 1 if width == "1" else 0)
                checked = run([sys.executable, "-B", SHARE / "python" / "fm_stream.py", "check"], result.stdout)
                digests.add((width, json.loads(checked.stdout)["sha256"]))
        self.assertEqual(len(digests), 2)

    @unittest.skipUnless(BIN, NO_TOOLS)
    def test_read_a_stream(self):
        program = BIN / "read-a-stream"
        if not os.access(program, os.X_OK):
            self.skipTest("read-a-stream is not built")
        result = run([program], MADE)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.decode().splitlines(), [
            "0.0 0 0 happy 1.0", "0.0 0 0 sad 1.0", "0.75 0 0 sad 1.0", "0.75 0 0 happy 1.0"])
        self.assertNotEqual(run([program], MADE[:-9]).returncode, 0)


if __name__ == "__main__":
    unittest.main()
