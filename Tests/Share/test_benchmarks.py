"""The part of the benchmarks that measures: figures in turns, what the machine does meanwhile, and the drawing."""
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Benchmarks")
sys.path.insert(0, FOLDER)
import turns


class Turns(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, "bench.json")
        os.environ["FM_BENCH"] = self.path
        self.addCleanup(os.environ.pop, "FM_BENCH")
        pause, turns.PAUSE = turns.PAUSE, 0.03
        self.addCleanup(setattr, turns, "PAUSE", pause)

    def compare(self, **options):
        """Two contestants of whom the first is always twice as fast; who was asked when."""
        asked = []

        def first():
            asked.append("a")
            return 2.0

        def second():
            asked.append("b")
            return 4.0

        with contextlib.redirect_stdout(io.StringIO()) as shown:
            results = turns.compare("things", "s", {"a": first, "b": second}, 4, **options)
        return asked, results, shown.getvalue()

    def test_contestants_alternate_and_the_first_turn_does_not_count(self):
        asked, results, shown = self.compare()
        self.assertEqual("".join(asked), "baabbaabba")
        self.assertEqual(results[0]["ratios"]["b"], {"median": 2.0, "low": 2.0, "high": 2.0})
        self.assertEqual(results[0]["rounds"], 4)
        self.assertIn("things, quiet: s: a ", shown)
        self.assertRegex(shown, r"load [0-9.]+ to [0-9.]+, others [0-9]+ %, stolen [0-9]+ %")

    def test_ratios_are_those_within_a_turn(self):
        values = iter([1, 1, 10, 5, 60, 20, 8, 2])
        more = turns.compare("x", "1/s", {"a": lambda: next(values), "b": lambda: next(values)}, 3,
                             more_is_better=True, show=lambda text: None)
        # The order is reversed every other time: b asked first gives what comes first.
        pairs = [(turn["a"]["figure"], turn["b"]["figure"]) for turn in more[0]["turns"]]
        self.assertEqual(more[0]["ratios"]["b"]["median"], sorted(a / b for a, b in pairs)[1])

    def test_a_busy_machine_is_marked(self):
        loops = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(os.cpu_count())]
        try:
            time.sleep(0.05)
            turns.PAUSE = 0.15
            _, results, shown = self.compare()
        finally:
            for loop in loops:
                loop.kill()
                loop.wait()
        self.assertGreater(results[0]["busy_turns"], 0)
        self.assertIn("BUSY MACHINE", shown)

    def test_a_load_runs_beside_and_ends(self):
        with turns.load("niced"):
            loops = list(turns.LOOPS)
            self.assertEqual(len(loops), os.cpu_count())
            time.sleep(0.05)
            self.assertEqual({os.getpriority(os.PRIO_PROCESS, loop.pid) for loop in loops}, {10})
        self.assertTrue(all(loop.poll() is not None for loop in loops))
        self.assertEqual(turns.LOOPS, [])

    def test_results_add_up_in_a_file_that_is_drawn(self):
        self.compare()
        self.compare(loads=("quiet", "ordinary"))
        with open(self.path) as file:
            results = json.load(file)
        self.assertEqual([result["beside"] for result in results], ["quiet", "quiet", "ordinary"])
        picture = os.path.join(self.folder.name, "bench.svg")
        subprocess.run([sys.executable, os.path.join(FOLDER, "report.py"), self.path, picture], check=True)
        root = xml.etree.ElementTree.parse(picture).getroot()
        texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
        self.assertEqual(texts.count("things / b"), 3)


if __name__ == "__main__":
    unittest.main()
