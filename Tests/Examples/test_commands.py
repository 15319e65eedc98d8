"""The commands of README's recipes, of the manual's examples, and those that tools without arguments show, run as they are
printed, on small inputs, and write their files."""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests" / "Share"), str(ROOT / "Tests" / "Documentation")]
import test_first_minute  # noqa: E402
from share_support import BIN, NO_TOOLS, SHARE, TOOLS, portrait  # noqa: E402

# What cannot run here, by a part of its text, and why.
ELSEWHERE = {
    "fm-decode --realtime 0 ": "needs a camera",
    "--input-option framerate=30 0 ": "needs a camera",
    "rtsp://camera/stream": "needs a network camera",
    "slurm_tune.sh best.keras": "needs Slurm: Tests/Share/test_batch.py",
    "fm-detect -m yunet": "needs a network that does not come with the tools",
}
# What would take long, and what is done instead; and files of an installation.
SHORTER = {
    "--epochs 27 ": "--epochs 1 --trials 1 ",
    "--epochs 60": "--epochs 1",
    "--epochs 10": "--epochs 1",
    "--warm-up 3": "--warm-up 0",
    "-v faces/validation --json": "-v faces/validation --epochs 1 --json",
    "--objects faces/train": "--epochs 1 --steps 2 --objects faces/train",
    "fm-train mine.keras -": "fm-train mine.keras - --epochs 1",
    "in 48 32 24 16": "in 48 16",
    "/usr/local/share/fm/": f"{SHARE}/",
    "/usr/share/fm/": f"{SHARE}/",
}
# Programs of other machines and screens.
STAND_INS = {
    "ssh": 'shift; exec sh -c "$*"',
    "ffplay": "exec cat >/dev/null",
}
NEEDED = ("ffmpeg", "jq", "parallel")


def manual_blocks(page, section):
    """The literal displays of a section of a man page, as man(1) shows them; section None: of all up to ENVIRONMENT."""
    text = page.read_text()
    start = rf"^\.Sh {section}$" if section else r"^\.Sh DESCRIPTION$"
    end = r"^\.Sh " if section else r"^\.Sh ENVIRONMENT$"
    part = re.split(end, re.split(start, text, maxsplit=1, flags=re.M)[1], maxsplit=1, flags=re.M)[0]
    blocks = re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed$", part, re.S | re.M)
    return [block.replace("\\e", "\\").replace("\\-", "-").replace("\\&", "") for block in blocks]


def readme_blocks():
    """The indented code of the sections with recipes."""
    text = (ROOT / "README.md").read_text()
    sections = re.findall(r"^## (?:Recipes|Your own classes in a minute)\n(.*?)(?=^## )", text, re.S | re.M)
    return [re.sub(r"^    ", "", block, flags=re.M)
            for section in sections for block in re.findall(r"(?:^    .*\n)+", section, re.M)]


def pages():
    found = {"README.md": readme_blocks(), "fm.7": manual_blocks(ROOT / "man" / "fm.7", None)}
    for page in sorted((ROOT / "man").glob("*.1")):
        found[page.name] = manual_blocks(page, "EXAMPLES")
    return found


def promised(block):
    """Patterns of the files that a block's commands write."""
    names = re.findall(r">>? *([^\s'>()]+\.(?:csv|ndjson|json|fm))", block)
    names += re.findall(r"""(?:\s-o|--report|--records|--cache|--manifest|--findings)\s+["']?([^\s"']+)""", block)
    names += re.findall(r"fm-train (?:tune )?([^\s']+\.keras)\s", block)
    return {re.sub(r"%0?\d*d|\{\.?\}|\$\{[^}]*\}|\$\w+", "*", name) for name in names} - {"-"}


class Extraction(unittest.TestCase):
    def test_every_page_has_examples(self):
        for name, blocks in pages().items():
            self.assertGreaterEqual(len(blocks), 4, name)
            self.assertTrue(all(re.search(r"\b(fm[-/]|jq )", block) for block in blocks), name)

    def test_lists_are_of_this_text(self):
        """What is not run or shortened is still printed somewhere."""
        text = "".join(block for blocks in pages().values() for block in blocks)
        for part in (*ELSEWHERE, *SHORTER, *STAND_INS):
            self.assertIn(part, text)

    def test_files_are_found(self):
        self.assertEqual(promised("fm-train {}.keras f -v g --records t.ndjson --cache c | x 'a > 0.5' > {.}.ndjson"),
                         {"*.keras", "t.ndjson", "c", "*.ndjson"})
        self.assertEqual(promised("a | fm-annotate -f matroska -o - ; b -o faces-%02d.png >> all.csv"),
                         {"faces-*.png", "all.csv"})
        self.assertEqual(promised('fm-annotate -o "out/${picture##*/}"; x > a-$start.csv'), {"out/*", "a-*.csv"})


@unittest.skipIf(BIN is None, NO_TOOLS)
@unittest.skipIf(portrait() is None, "no portrait (Debian package facedetect)")
@unittest.skipUnless(all(map(shutil.which, NEEDED)), "needs " + ", ".join(NEEDED))
class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        root = pathlib.Path(cls.folder.name)
        cls.inputs = root / "inputs"
        cls.inputs.mkdir()
        bin_folder = root / "bin"
        bin_folder.mkdir()
        for name, program in STAND_INS.items():
            path = bin_folder / name
            path.write_text(f"#!/bin/sh\n{program}\n")
            path.chmod(0o755)
        cls.environment = os.environ | {"PATH": f"{bin_folder}:{BIN}:{os.environ['PATH']}", "HOME": str(root)}
        cls.make_inputs()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def make_inputs(cls):
        """A film of six seconds and twelve frames with sound, photographs, and folders of 8 pictures for each class."""
        def ffmpeg(*arguments):
            subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True, cwd=cls.inputs,
                           stdin=subprocess.DEVNULL, timeout=60)
        face = ["-loop", "1", "-framerate", "2", "-t", "6", "-i", portrait()]
        ffmpeg(*face, "-f", "lavfi", "-i", "sine=440:r=44100:d=6", "-vf", "scale=240:240,format=yuv420p", "-c:v", "libx264",
               "-preset", "ultrafast", "-c:a", "aac", "-shortest", "party.mp4")
        ffmpeg("-i", "party.mp4", "-c", "copy", "party.mkv")
        ffmpeg("-i", portrait(), "-vf", "scale=240:240", "group.jpg")
        for name in ("photos/1.jpg", "photos/smiling/1.jpg", "photos/smiling/2.jpg", "photos/serious/1.jpg",
                     "photos/serious/2.jpg", "photos/happy/1.jpg", "photos/happy/2.jpg", "photos/sad/1.jpg",
                     "photos/sad/2.jpg"):
            (cls.inputs / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(cls.inputs / "group.jpg", cls.inputs / name)
        for part in ("train", "validation", "test"):
            for name, turn in (("happy", "hue=b=0.5"), ("sad", "hue=b=-0.5")):
                classes = cls.inputs / "faces" / part / name
                classes.mkdir(parents=True)
                ffmpeg(*face, "-vf", f"crop=240:240:130+10*n:60,{turn},scale=48:48,format=gray", "-frames:v", "8",
                       classes / "%d.png")

        # FER-2013 as it is distributed, and a model that another program made.
        rows = [f"{k % 7},{' '.join(str(x * (k + 3) % 256) for x in range(48 * 48))},{usage}"
                for usage in ("Training", "PublicTest", "PrivateTest") for k in range(14)]
        (cls.inputs / "fer2013.csv").write_text("\n".join(["emotion,pixels,Usage", *rows]) + "\n")
        votes = [f"{row.rsplit(',', 1)[1]},{k}.png,{k % 3},{k % 2},1,1,2,1,1,1,0,0" for k, row in enumerate(rows)]
        names = "neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
        (cls.inputs / "fer2013new.csv").write_text("\n".join([f"Usage,Image name,{names}", *votes]) + "\n")
        shutil.copy(ROOT / "Sources" / "fm-classify" / "Models" / "expressions.keras", cls.inputs / "foreign.h5")

    def run_page(self, name, blocks):
        """Runs a page's blocks in their order in a folder of their own; returns what went wrong."""
        folder = pathlib.Path(self.folder.name) / name
        shutil.copytree(self.inputs, folder, copy_function=os.link)
        faults = []
        for block in blocks:
            if any(part in block for part in ELSEWHERE):
                continue
            command = block
            for old, new in SHORTER.items():
                command = command.replace(old, new)
            # The writers before `head` may end by SIGPIPE.
            options = [] if "| head" in block else ["-o", "pipefail"]
            result = subprocess.run(["bash", "-e", *options, "-c", command], cwd=folder, env=self.environment, timeout=300,
                                    stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
            if result.returncode != 0:
                faults.append(f"{name}: status {result.returncode}:\n{command}{result.stderr}")
            for pattern in promised(command):
                if not any(not path.is_file() or path.stat().st_size for path in folder.glob(pattern)):
                    faults.append(f"{name}: no {pattern} after:\n{command}{result.stderr}")
        return faults

    @unittest.skipUnless(os.access("/dev/ptmx", os.W_OK), "this system has no pseudo-terminals")
    def test_what_a_tool_shows_on_a_terminal(self):
        """Its line works with a video in.mp4, or a stream in.fm, and the folders faces/train/CLASS."""
        os.link(self.inputs / "party.mp4", self.inputs / "in.mp4")
        self.addCleanup((self.inputs / "in.mp4").unlink)
        with open(self.inputs / "in.fm", "wb") as stream:
            subprocess.run([BIN / "fm-decode", self.inputs / "in.mp4"], stdout=stream, check=True, timeout=60)
        self.addCleanup((self.inputs / "in.fm").unlink)
        lines = {test_first_minute.first_example(tool) for tool in TOOLS}
        short = [line + " --epochs 1" if line.startswith("fm-train ") else line for line in sorted(lines)]
        self.assertEqual(self.run_page("first lines", short), [])

    def test_all(self):
        # Pages take turns at the processors; one waits for a film in real time.
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            work = [pool.submit(self.run_page, name, blocks) for name, blocks in pages().items()]
            faults = [fault for done in work for fault in done.result()]
        self.assertEqual(faults, [], "\n".join(faults))


if __name__ == "__main__":
    unittest.main()
