"""The scripts for batches (share/fm/batch): whole results, also after a kill, and messages of what failed."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from share_support import BIN, NO_TOOLS, SHARE, portrait  # noqa: E402

BATCH = SHARE / "batch"


def python_with(module):
    """A Python that has a module: this one, or the one that FM_BATCH_PYTHON names; None if there is none."""
    for python in (os.environ.get("FM_BATCH_PYTHON"), sys.executable):
        if python and subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0:
            return python
    return None


@unittest.skipIf(BIN is None or not (BIN / "fm-stream").exists(), NO_TOOLS)
@unittest.skipUnless(shutil.which("ffmpeg") and portrait(), "needs ffmpeg and a portrait")
class Batch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.temporary.name)
        films = cls.root / "two films"
        films.mkdir()
        for name, seconds in (("a.mp4", 1.2), ("b.mkv", 0.8)):
            subprocess.run(
                ["ffmpeg", "-v", "error", "-loop", "1", "-r", "10", "-i", portrait(), "-vf", "scale=96:96", "-t", str(seconds),
                 "-pix_fmt", "yuv420p", "-g", "4", films / name], check=True, stdin=subprocess.DEVNULL)
        # Three parts of the smaller film, more of the other.
        cls.environment = os.environ | {
            "PATH": f"{BIN}:{os.environ['PATH']}", "FM_CHUNK_BYTES": str((films / "b.mkv").stat().st_size // 3 + 1),
            "FM_DETECT": "--min-size 40"}
        cls.list = cls.root / "list"
        cls.list.write_text("".join(f"{films / name}\n" for name in ("a.mp4", "b.mkv")))
        # What an undisturbed run without parts gives.
        cls.expected = cls.results("whole", [BATCH / "steps.sh"], FM_CHUNK_BYTES="1000000000", by_hand=True)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def results(cls, name, command, by_hand=False, **variables):
        """The rows of each film's table, and its records without the history, after the command has run."""
        folder = cls.root / name
        folder.mkdir(exist_ok=True)
        environment = cls.environment | variables
        if by_hand:
            for film in cls.list.read_text().splitlines():
                for step in (["chunk", film, "1", "1", folder], ["whole", film, "1", folder]):
                    subprocess.run([*command, *step], env=environment, check=True)
        else:
            result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
            if result.returncode != 0:
                log = folder / "failures.log"
                raise AssertionError(f"{result.returncode} {result.stdout} {result.stderr} {log.exists() and log.read_text()}")
        found = {}
        for path in sorted(folder.glob("*.csv")):
            records = [json.loads(line) for line in path.with_suffix(".ndjson").read_text().splitlines()]
            found[path.name] = (path.read_text(), [r for r in records if r["type"] != "stream"])
        return found

    def test_parallel_after_a_kill(self):
        self.assertEqual(len(self.expected), 2)
        self.assertTrue(all(len(rows.splitlines()) > 5 for rows, _ in self.expected.values()), self.expected)
        if not shutil.which("parallel"):
            self.skipTest("GNU parallel is not installed")
        command = [BATCH / "parallel.sh", self.list, self.root / "parallel", "--jobs", "2"]
        # All of its processes, in the middle of the work.
        process = subprocess.Popen(command, env=self.environment, start_new_session=True, stderr=subprocess.DEVNULL)
        parts = self.root / "parallel"
        while process.poll() is None and len(list(parts.glob("*.ndjson"))) < 2:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        done = {path: path.stat().st_mtime_ns for path in parts.glob("*.ndjson")}
        self.assertEqual(self.results("parallel", command), self.expected)
        for path, changed in done.items():
            self.assertEqual(path.stat().st_mtime_ns, changed, path)
        # And again: nothing is left to do.
        before = {path: path.stat().st_mtime_ns for path in parts.iterdir() if path.suffix != ".log"}
        self.results("parallel", command)
        self.assertEqual(before, {path: path.stat().st_mtime_ns for path in parts.iterdir() if path.suffix != ".log"})

    def test_failures_are_logged_with_the_message(self):
        folder = self.root / "failed"
        folder.mkdir()
        film = self.root / "no film.mp4"
        film.write_text("no film")
        result = subprocess.run(
            [BATCH / "steps.sh", "chunk", film, "1", "2", folder], env=self.environment, capture_output=True)
        self.assertEqual(result.returncode, 65)
        self.assertIn("if it is a media file at all", (folder / "failures.log").read_text())
        self.assertEqual([path.name for path in folder.iterdir()], ["failures.log"])
        # A part that is missing: its film is refused, by name.
        missing = subprocess.run(
            [BATCH / "steps.sh", "whole", film, "2", folder], env=self.environment, capture_output=True)
        self.assertNotEqual(missing.returncode, 0)
        self.assertIn("no film.mp4.1-of-2.ndjson", (folder / "failures.log").read_text())

    def test_a_full_disk_is_tried_again(self):
        folder = self.root / "full"
        folder.mkdir()
        tools = self.root / "tools"
        tools.mkdir()
        # Full at first, with room the second time.
        (tools / "fm-classify").write_text(
            f"#!/bin/sh\nif test -e {tools}/tried; then exec {BIN}/fm-classify \"$@\"; fi\n"
            f"touch {tools}/tried; {BIN}/fm-classify --no-pixels -o /dev/full\n")
        (tools / "fm-classify").chmod(0o755)
        film = self.list.read_text().splitlines()[1]
        result = subprocess.run(
            [BATCH / "steps.sh", "chunk", film, "1", "1", folder], capture_output=True,
            env=self.environment | {"PATH": f"{tools}:{self.environment['PATH']}"})
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(list(folder.glob("*.ndjson"))), 1)

    def test_snakemake(self):
        python = python_with("snakemake")
        if python is None:
            self.skipTest("Snakemake is not installed")
        command = [
            python, "-m", "snakemake", "--snakefile", BATCH / "Snakefile", "--cores", "2", "--quiet", "all", "--directory",
            self.root, "--config", f"list={self.list}", f"folder={self.root / 'snakemake'}"]
        self.assertEqual(self.results("snakemake", command), self.expected)

    def test_ray(self):
        python = python_with("ray")
        if python is None:
            self.skipTest("Ray is not installed")
        command = [python, BATCH / "ray_batch.py", self.list, self.root / "ray"]
        self.assertEqual(self.results("ray", command), self.expected)

    def test_slurm(self):
        if not shutil.which("sbatch") or subprocess.run(["sinfo"], capture_output=True).returncode != 0:
            self.skipTest("no Slurm is running")
        command = [BATCH / "slurm.sh", self.list, self.root / "slurm", "--wait"]
        self.assertEqual(self.results("slurm", command), self.expected)

    def test_the_files_are_short(self):
        for path in BATCH.iterdir():
            self.assertLessEqual(len(path.read_text().splitlines()), 60, path)


if __name__ == "__main__":
    unittest.main()
