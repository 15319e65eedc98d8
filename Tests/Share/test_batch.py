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
import slurm_cluster  # noqa: E402
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

    def disturbed(self, name, command, **variables):
        """Runs a command while a third of the parts are killed, and again: only what is missing is made."""
        self.assertEqual(len(self.expected), 2)
        self.assertTrue(all(len(rows.splitlines()) > 5 for rows, _ in self.expected.values()), self.expected)
        folder, tools = self.root / name, self.root / f"{name} tools"
        tools.mkdir()
        # Every third one has got a part of its input when it, and the script that runs it, are killed.
        (tools / "fm-classify").write_text(
            "#!/bin/bash\n"
            f"n=1; until mkdir '{tools}/'$n 2>/dev/null; do ((n++)); done\n"
            f"((n % 3)) && exec {BIN}/fm-classify \"$@\"\n"
            f"head -c 9000 | {BIN}/fm-classify --no-pixels >/dev/null 2>&1; kill -9 $PPID $$\n")
        (tools / "fm-classify").chmod(0o755)
        environment = self.environment | variables
        subprocess.run(
            command, env=environment | {"PATH": f"{tools}:{environment['PATH']}"}, timeout=300, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        tasks = len(subprocess.run(
            [BATCH / "steps.sh", "list", self.list], env=environment, capture_output=True, check=True).stdout.splitlines())
        done = {path: path.stat().st_mtime_ns for path in folder.glob("*.ndjson")}
        parts = [path for path in done if "-of-" in path.name]
        self.assertEqual(len(parts), tasks - tasks // 3)
        self.assertLess(len(list(folder.glob("*.csv"))), 2)
        self.assertEqual(self.results(name, command, **variables), self.expected)
        for path, changed in done.items():
            self.assertEqual(path.stat().st_mtime_ns, changed, path)

    @unittest.skipUnless(shutil.which("parallel"), "GNU parallel is not installed")
    def test_parallel(self):
        folder = self.root / "with parallel"
        command = [BATCH / "parallel.sh", self.list, folder, "--jobs", "2"]
        self.disturbed("with parallel", command)
        # And again: nothing is left to do.
        before = {path: path.stat().st_mtime_ns for path in folder.iterdir() if path.suffix in (".csv", ".ndjson")}
        self.assertEqual(self.results("with parallel", command), self.expected)
        self.assertEqual(before, {path: path.stat().st_mtime_ns for path in before})

    @unittest.skipUnless(shutil.which("parallel"), "GNU parallel is not installed")
    def test_parallel_after_a_kill(self):
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

    def test_lists(self):
        def listed(text):
            (self.root / "other list").write_text(text)
            result = subprocess.run(
                [BATCH / "steps.sh", "list", self.root / "other list"], env=self.environment, capture_output=True, text=True)
            return result.returncode, result.stdout.splitlines(), result.stderr
        films = self.list.read_text().splitlines()
        whole = listed(self.list.read_text())
        self.assertEqual((whole[0], whole[2], whole[1][-1]), (0, "", f"{films[1]}\t3\t3"))
        # Empty lines, and a last one without an end.
        self.assertEqual(listed(f"\n{films[0]}\n\n{films[1]}"), whole)
        # The step of a film that is not there says so.
        self.assertEqual(listed("none.mp4\n"), (0, ["none.mp4\t1\t1"], ""))
        for text, words in (("a/b.mp4\na_b.mp4\n", "more than one film would have the results a_b.mp4"),
                            ("\n", "no films in the list")):
            status, lines, messages = listed(text)
            self.assertEqual((status, lines), (65, []))
            self.assertIn(words, messages)

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
        self.disturbed("snakemake", [
            python, "-m", "snakemake", "--snakefile", BATCH / "Snakefile", "--cores", "2", "--keep-going", "--rerun-incomplete",
            "--nolock", "--quiet", "all", "--directory", self.root, "--config", f"list={self.list}",
            f"folder={self.root / 'snakemake'}"])

    def test_ray(self):
        python = python_with("ray")
        if python is None:
            self.skipTest("Ray is not installed")
        self.disturbed("ray", [python, BATCH / "ray_batch.py", self.list, self.root / "ray"])

    def test_slurm(self):
        if slurm_cluster.MISSING:
            self.skipTest(f"Slurm is not installed: {', '.join(slurm_cluster.MISSING)}")
        if os.geteuid() != 0:
            self.skipTest("slurmd needs root")
        folder = self.root / "cluster"
        folder.mkdir()
        cluster = slurm_cluster.SlurmCluster(folder)
        try:
            command = cluster.until_done(BATCH / "slurm.sh", self.list, self.root / "slurm")
            self.disturbed("slurm", command, **cluster.variables)
            self.tuned(cluster)
        finally:
            cluster.close()

    def tuned(self, cluster):
        """Two processes that search side by side: the trials of both, and the better of their models."""
        if not shutil.which("jq"):
            return
        folder = self.root / "tuning"
        for name in ("light", "dark"):
            (folder / "faces" / name).mkdir(parents=True)
            for number in range(8):
                level = number + (200 if name == "light" else 30)
                (folder / "faces" / name / f"{number}.pgm").write_bytes(b"P5 16 16 255\n" + bytes([level] * 256))
        (folder / "search.json").write_text('{"learning_rate": {"min": 0.0005, "max": 0.01, "scale": "log"}}')
        command = cluster.until_done(
            BATCH / "slurm_tune.sh", folder / "best.keras", "2", "--cpus-per-task=1", "--", folder / "faces",
            "--validation-split", "0.25", "--search", folder / "search.json", "--trials", "2", "--epochs", "1", "--architecture",
            "compact", "--filters", "4", "--size", "16", "--quiet")
        result = subprocess.run(command, env=self.environment | cluster.variables, capture_output=True, text=True, timeout=300)
        logs = [path.read_text() for path in folder.glob("*.log")]
        self.assertEqual(result.returncode, 0, f"{result.stderr} {logs}")
        records = [json.loads(line) for line in (folder / "best.trials.ndjson").read_text().splitlines()]
        self.assertEqual(sorted(record["trial"] for record in records), ["1-0", "1-1", "2-0", "2-1"])
        best = max(records, key=lambda record: record["val_accuracy"])
        self.assertEqual(
            (folder / "best.keras").read_bytes(), (folder / f"best.{best['trial_seed']}.keras").read_bytes())

    def test_the_files_are_short(self):
        for path in BATCH.iterdir():
            self.assertLessEqual(len(path.read_text().splitlines()), 60, path)


if __name__ == "__main__":
    unittest.main()
