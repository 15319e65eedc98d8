"""The jq recipes that ship: what they print of made streams, exactly, and that they take what the tools write."""

import csv
import io
import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from share_support import BIN, NO_JQ, NO_TOOLS, SHARE, face, pipe, portrait, run, stream  # noqa: E402

RECIPES = sorted(path.name for path in (SHARE / "jq").iterdir())

MADE = stream([
    (0, [face("happy", 0.75, 0.25)]),
    (1, [face("happy", 0.5, 0.5), face("sad", 0.25, 0.75, box=(50, 10, 10, 10))]),
    (2, []),
    (4, [face("sad", 0.125, 0.875)]),
    (5, [face("sad", 0.25, 0.75)]),
    (6, [face(None, 0.5, 0.5)]),
    (12, [face("happy", 0.875, 0.125)]),
])


@unittest.skipIf(NO_JQ, NO_JQ)
class Recipes(unittest.TestCase):
    maxDiff = None

    def recipe(self, name, *options, data=MADE, status=0, messages=""):
        result = run(["jq", "-nrf", SHARE / "jq" / name, *options], data)
        self.assertEqual((result.returncode, result.stderr.decode()), (status, messages))
        return result.stdout.decode()

    def test_all_are_tested(self):
        self.assertEqual(RECIPES, ["happiest.jq", "per-second.jq", "runs.jq", "table.jq"])

    def test_table(self):
        self.assertEqual(self.recipe("table.jq"), """\
"file","frame","time","face","x","y","width","height","neighbors","expression","confidence","happy","sad"
"made.mp4",0,0,0,1,2,30,40,5,"happy",0.75,0.75,0.25
"made.mp4",1,0.25,0,1,2,30,40,5,"happy",0.5,0.5,0.5
"made.mp4",1,0.25,1,50,10,10,10,5,"sad",0.75,0.25,0.75
"made.mp4",3,1,0,1,2,30,40,5,"sad",0.875,0.125,0.875
"made.mp4",4,1.25,0,1,2,30,40,5,"sad",0.75,0.25,0.75
"made.mp4",5,1.5,0,1,2,30,40,5,,0.5,0.5,0.5
"made.mp4",6,3,0,1,2,30,40,5,"happy",0.875,0.875,0.125
""")

    def test_per_second(self):
        self.assertEqual(self.recipe("per-second.jq"), """\
"file","second","frames","faces","happy","sad"
"made.mp4",0,3,3,0.5,0.5
"made.mp4",1,3,3,0.2917,0.7083
"made.mp4",3,1,1,0.875,0.125
""")

    def test_happiest(self):
        self.assertEqual(self.recipe("happiest.jq"), """\
"file","second","faces","mean"
"made.mp4",3,1,0.875
"made.mp4",0,3,0.5
"made.mp4",1,3,0.2917
""")
        self.assertEqual(self.recipe("happiest.jq", "--argjson", "n", "1", "--arg", "class", "sad"), """\
"file","second","faces","mean"
"made.mp4",1,3,0.7083
""")

    def test_happiest_knows_the_name_of_the_other_model(self):
        data = stream([(0, [face("happiness", 0.5, 0.25, classes=("happiness", "anger"))])],
                      classes=("happiness", "anger"))
        self.assertEqual(self.recipe("happiest.jq", data=data).splitlines()[1:], ['"made.mp4",0,1,0.5'])

    def test_runs(self):
        header = '"file","expression","start","end","frames","confidence"\n'
        first = '"made.mp4","happy",0,0.5,2,0.625\n'
        second = '"made.mp4","sad",1,1.5,2,0.813\n'
        self.assertEqual(self.recipe("runs.jq"), header + first + second + '"made.mp4","happy",3,3.25,1,0.875\n')
        self.assertEqual(self.recipe("runs.jq", "--argjson", "min", "0.5"), header + first + second)
        # Another expression ends a run whatever the gap.
        self.assertEqual(self.recipe("runs.jq", "--argjson", "gap", "9"), self.recipe("runs.jq"))

    def test_runs_of_a_class(self):
        header = '"file","expression","start","end","frames","confidence"\n'
        sad = ("--arg", "class", "sad")
        self.assertEqual(self.recipe("runs.jq", *sad), header + '"made.mp4","sad",0.25,0.5,1,0.75\n"made.mp4","sad",1,1.5,2,0.813\n')
        joined = header + '"made.mp4","sad",0.25,1.5,3,0.792\n'
        self.assertEqual(self.recipe("runs.jq", *sad, "--argjson", "gap", "0.5"), joined)
        self.assertNotEqual(self.recipe("runs.jq", *sad, "--argjson", "gap", "0.4"), joined)
        self.assertEqual(self.recipe("runs.jq", *sad, "--argjson", "gap", "0.5", "--argjson", "min", "2"), header)
        # A face that is missing for a while does not end a run, or does when that is too long.
        data = stream([(0, [face("sad", 0, 1)]), (1, []), (2, [face("sad", 0, 1)]), (3, []), (4, []), (5, [face("sad", 0, 1)])])
        for gap, rows in (("0", 3), ("0.25", 2), ("0.5", 1)):
            self.assertEqual(len(self.recipe("runs.jq", "--argjson", "gap", gap, data=data).splitlines()), 1 + rows, gap)

    def test_pictures_of_a_folder_are_named(self):
        data = stream([(0, [face("sad", 0.25, 0.75)], {"source": "a.jpg"}), (1, [face("sad", 0.25, 0.75)], {"source": 'b",.jpg'})],
                      source="folder")
        rows = list(csv.reader(io.StringIO(self.recipe("table.jq", data=data))))
        self.assertEqual([row[0] for row in rows], ["file", "a.jpg", 'b",.jpg'])
        self.assertEqual(len(self.recipe("per-second.jq", data=data).splitlines()), 3)
        self.assertEqual(len(self.recipe("runs.jq", data=data).splitlines()), 3)

    def test_streams_that_follow_each_other(self):
        twice = MADE + stream([(0, [face("happy", 1, 0)])], source="other.mp4")
        for name in RECIPES:
            with self.subTest(name):
                one, two = self.recipe(name), self.recipe(name, data=twice)
                self.assertIn('"other.mp4"', two)
                if name != "happiest.jq":
                    self.assertTrue(two.startswith(one))
        other = MADE + stream([], classes=("anger",))
        for name in ("table.jq", "per-second.jq"):
            result = run(["jq", "-nrf", SHARE / "jq" / name], other)
            self.assertNotEqual(result.returncode, 0)
            self.assertIn(b"this stream has other classes than the first", result.stderr)

    def test_frames_without_faces_or_scores(self):
        plain = stream([(0, None), (1, [{"box": [1, 2, 3, 4], "neighbors": 9}]),
                        (2, [{"box": [1, 2, 3, 4], "expression": None, "confidence": None, "scores": {"happy": None}}])],
                       classes=())
        rows = self.recipe("table.jq", data=plain).splitlines()
        self.assertEqual(rows[1:], ['"made.mp4",1,0.25,0,1,2,3,4,9,,', '"made.mp4",2,0.5,0,1,2,3,4,,,'])
        self.assertEqual(self.recipe("per-second.jq", data=plain).splitlines()[1:], ['"made.mp4",0,3,1'])
        for name in ("happiest.jq", "runs.jq"):
            self.assertEqual(len(self.recipe(name, data=plain).splitlines()), 1)

    def test_a_stream_that_is_cut_or_failed_is_a_failure(self):
        for name in RECIPES:
            whole = self.recipe(name)
            self.recipe(name, data=b"", status=1, messages=f"{name}: input cut short\n")
            cut = self.recipe(name, data=stream([(0, [face("sad", 0, 1)])], closed=False), status=1,
                              messages=f"{name}: input cut short\n")
            self.assertEqual(len(cut.splitlines()), 2, "what came before is printed")
            for status in ("error", "interrupted", "melted"):
                data = MADE.replace(b'"status": "ok"', b'"status": "%s"' % status.encode())
                words = "was stopped by a signal and is complete up to there" if status == "interrupted" else \
                    "ends with a failure"
                self.assertEqual(
                    self.recipe(name, data=data, status=1, messages=f"{name}: the stream {words}\n"), whole)

    def test_wrong_calls_are_refused(self):
        for name in RECIPES:
            program = SHARE / "jq" / name
            result = run(["jq", "-rf", program], MADE)
            self.assertEqual((result.returncode, result.stdout), (64, b""))
            self.assertEqual(result.stderr.decode(), f"{name}: jq needs its option -n: jq -nrf {name}\n")
            self.recipe(name, "--arg", "clas", "sad", status=64, messages=f"{name}: unknown argument clas\n")
        for name in ("happiest.jq", "runs.jq"):
            self.recipe(name, "--arg", "class", "joy", status=1,
                        messages=f"{name}: the stream has no class joy; it has happy, sad\n")
        # A number may be given as text, too.
        for name, option in (("happiest.jq", "n"), ("runs.jq", "min"), ("runs.jq", "gap")):
            self.assertEqual(self.recipe(name, "--arg", option, "1"), self.recipe(name, "--argjson", option, "1"))

    def test_each_says_how_it_is_called(self):
        for name in RECIPES:
            text = (SHARE / "jq" / name).read_text()
            self.assertTrue(text.startswith("# "), name)
            self.assertIn(f"jq -nrf {name}", text)

    def test_what_the_tools_write(self):
        picture = portrait()
        if BIN is None or picture is None:
            self.skipTest(NO_TOOLS if BIN is None else "no portrait")
        statuses, data = pipe(["fm-decode", picture], ["fm-detect"], ["fm-classify", "--no-pixels"])
        self.assertEqual(statuses, [0, 0, 0])
        rows = list(csv.DictReader(io.StringIO(self.recipe("table.jq", data=data))))
        self.assertEqual(len(rows), 1)
        scores = [float(value) for value in list(rows[0].values())[11:]]
        self.assertEqual(len(scores), 7)
        self.assertAlmostEqual(sum(scores), 1, places=3)
        self.assertAlmostEqual(max(scores), float(rows[0]["confidence"]), places=6)
        self.assertEqual(len(self.recipe("per-second.jq", data=data).splitlines()), 2)
        self.assertEqual(len(self.recipe("happiest.jq", data=data).splitlines()), 2)
        self.assertIn(f'"{rows[0]["expression"]}"', self.recipe("runs.jq", data=data))


if __name__ == "__main__":
    unittest.main()
