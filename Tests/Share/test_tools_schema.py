"""Every record that the tools write is what the shipped JSON Schema describes."""

import concurrent.futures
import io
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
from share_support import BIN, NO_TOOLS, pipe, portrait, run, stream  # noqa: E402
import stream_schema  # noqa: E402
from fm_stream import FORMATS, Reader  # noqa: E402
from test_schema import END, FACE as FACE_RECORD, FRAME, HEADER, HISTORY, TRACK, VIDEO, changed, places  # noqa: E402

FACE = portrait()


@unittest.skipIf(BIN is None, NO_TOOLS)
@unittest.skipUnless(stream_schema.is_available(), stream_schema.MISSING)
class Hostile(unittest.TestCase):
    def test_what_the_tools_refuse_of_a_record_the_schema_refuses(self):
        """Every value of whole records is replaced by others: what makes a tool end with status 65, the schema refuses."""
        header = HEADER | {"source": "s", "live": False, "tracks": [TRACK], "history": [HISTORY],
                           "video": VIDEO | {"frame_rate": [25, 1], "sample_aspect_ratio": [1, 1], "color_range": "tv"}}
        whole = {"stream": header, "frame": FRAME | {"bytes": 8, "faces": [FACE_RECORD]}, "end": END | {"frames": 1}}
        cases = [(None, whole)]
        for kind, record in whole.items():
            for path in places(record):
                # What depends on the payload or on another record is not the schema's matter.
                if not path or path in (("type",), ("fm",)) or path[0] in ("bytes", "width", "height"):
                    continue
                for value in (None, -1, "x", []):
                    cases.append(((kind, path, value), whole | {kind: changed(record, path, value)}))

        def refused(records):
            lines = [json.dumps(record).encode() + b"\n" for record in records.values()]
            result = run([BIN / "fm-classify", "--no-pixels", "--quiet"], lines[0] + lines[1] + b"12345678\n" + lines[2])
            return result.returncode, result.stderr.decode(errors="replace")

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda case: refused(case[1]), cases))
        self.assertEqual(results[0], (0, ""))
        count = 0
        for (case, records), (status, message) in zip(cases, results):
            if status == 65 and case is not None:
                count += 1
                with self.subTest(case=case, message=message):
                    self.assertNotEqual(stream_schema.problems(records[case[0]]), [])
        self.assertGreater(count, 100, len(cases))


@unittest.skipIf(BIN is None, NO_TOOLS)
@unittest.skipUnless(stream_schema.is_available(), stream_schema.MISSING)
@unittest.skipUnless(shutil.which("ffmpeg"), "ffmpeg is not installed")
class ToolsSchema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        cls.video = cls.root / "video.mkv"
        subtitles = cls.root / "text.srt"
        subtitles.write_text("1\n00:00:00,000 --> 00:00:00,400\nhello\n\n")
        picture = ["-loop", "1", "-framerate", "25", "-t", "1", "-i", FACE] if FACE else [
            "-f", "lavfi", "-i", "testsrc2=s=240x240:r=25:d=1"]
        subprocess.run(
            ["ffmpeg", "-v", "error", "-y", *picture, "-f", "lavfi", "-i", "sine=440:r=44100:d=1", "-i", subtitles,
             "-map", "0:v", "-map", "1:a", "-map", "2:s", "-vf", "scale=300:300,crop=240:240:'n':'n/2',format=yuv420p",
             "-frames:v", "8", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-c:s", "srt", "-metadata:s:a",
             "language=ell", cls.video], check=True, stdin=subprocess.DEVNULL)
        cls.pictures = cls.root / "pictures"
        for name, size in (("happy", 200), ("sad", 180)):
            (cls.pictures / name).mkdir(parents=True)
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", cls.video, "-frames:v", "2", "-vf", f"scale={size}:{size}",
                            cls.pictures / name / "%d.png"], check=True, stdin=subprocess.DEVNULL)
        (cls.pictures / "happy" / "3.png").write_bytes(b"\x89PNG no picture")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def check(self, data, status="ok", streams=1):
        """Holds every record against the schema and reads the stream as the reader does; returns its records."""
        records = list(Reader(io.BytesIO(data)))
        for record in records:
            self.assertEqual(stream_schema.problems(record.line), [], record.line)
        ends = [record for record in records if record.type == "end"]
        self.assertEqual(len(ends), streams)
        self.assertEqual(ends[-1].get("status"), status)
        return records

    def pipe(self, *commands, statuses=(0,), data=b"", **expected):
        found, output = pipe(*commands, data=data)
        self.assertLessEqual(set(found), set(statuses), found)
        return self.check(output, **expected)

    def keys(self, records, kind):
        return {key for record in records if record.type == kind for key, _ in record.object}

    def test_decode(self):
        records = self.pipe(["fm-decode", self.video])
        self.assertEqual({"stream", "frame", "packet", "end"}, {record.type for record in records})
        kinds = [track.get("kind") for track in records[0].get("tracks")]
        self.assertEqual(sorted(kinds), ["audio", "subtitle"])
        self.assertTrue(any(record.payload for record in records if record.type == "packet"))
        self.assertIn("color_range", dict(records[0].get("video")))
        sound = self.root / "sound.mp4"
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", self.video, "-map", "0:v", "-map", "0:a", "-c:v", "copy", "-c:a", "aac",
                        sound], check=True, stdin=subprocess.DEVNULL)
        self.assertIn("skip", self.keys(self.pipe(["fm-decode", sound]), "packet"))
        for name in FORMATS:
            records = self.pipe(["fm-decode", "--pixel-format", name, "--size", "33x17", "--every", "3", "--no-audio", self.video])
            self.assertNotIn("tracks", self.keys(records, "stream"))

    def test_pictures(self):
        records = self.pipe(["fm-decode", self.pictures / "happy", self.pictures / "sad"], statuses=(0, 65))
        self.assertIn("source", self.keys(records, "frame"))
        self.assertIn("unreadable", self.keys(records, "end"))
        self.assertEqual(len({record.get("width") for record in records if record.type == "frame"}), 2)

    def test_detect_and_classify(self):
        decode = ["fm-decode", self.video]
        for detect in (["fm-detect"], ["fm-detect", "--every", "3"],
                       ["fm-detect", "-c", "frontalface_alt", "-c", "frontalface_default", "--nested", "eye",
                        "--min-neighbors", "0"], ["fm-detect", "--no-pixels"]):
            records = self.pipe(decode, detect)
            self.assertIn("faces", self.keys(records, "frame"))
            faces = [face for record in records if record.type == "frame" for face in record.get("faces")]
            if not FACE:
                continue
            keys = {key for face in faces for key, _ in face}
            self.assertEqual("held" in keys, "--every" in detect)
            self.assertEqual("cascade" in keys, "-c" in detect)
            self.assertEqual("parts" in keys, "--nested" in detect)
        for classify in (["fm-classify"], ["fm-classify", "--no-pixels"], ["fm-classify", "-m", "ferplus"],
                         ["fm-classify", "--min-confidence", "1"]):
            records = self.pipe(decode, ["fm-detect"], classify)
            faces = [face for record in records if record.type == "frame" for face in record.get("faces")]
            for face in faces:
                self.assertEqual(len(face.get("scores")), 8 if "ferplus" in classify else 7)
                self.assertEqual(face.get("expression") is None, "--min-confidence" in classify)
            self.assertEqual(any(record.payload for record in records), "--no-pixels" not in classify)

    def test_joined_streams(self):
        _, one = pipe(["fm-decode", self.video])
        _, two = pipe(["fm-decode", self.pictures / "sad"])
        self.pipe(["fm-detect"], ["fm-classify", "--no-pixels"], data=one + two, streams=2)

    def test_ends_of_all_statuses(self):
        for status in ("error", "interrupted", "melted"):
            data = stream([(0, [])], status=status)
            self.check(data, status)
            self.pipe(["fm-classify", "--no-pixels"], statuses=(1,), data=data, status=status)
        # A stream that is cut is closed by the tool that finds it.
        _, whole = pipe(["fm-decode", self.video])
        records = self.pipe(["fm-detect"], ["fm-classify"], statuses=(1, 74), data=whole[:len(whole) // 2], status="error")
        self.assertIn("message", self.keys(records, "end"))

    def test_a_signal(self):
        process = subprocess.Popen(
            [BIN / "fm-decode", "--format", "lavfi", "--realtime", "testsrc=size=32x32:rate=25"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        first = process.stdout.read(2000)
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        data = first + process.stdout.read()
        process.wait(30)
        process.stdout.close()
        records = self.check(data, "interrupted")
        self.assertIn("message", self.keys(records, "end"))

    def test_frames_that_are_dropped(self):
        process = subprocess.Popen(
            [BIN / "fm-decode", "--format", "lavfi", "--realtime", "testsrc=size=640x480:rate=50:duration=3"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        first = process.stdout.read(10000)
        time.sleep(1.5)
        data = first + process.stdout.read()
        process.wait(30)
        process.stdout.close()
        self.assertIn("dropped", self.keys(self.check(data), "end"))


if __name__ == "__main__":
    unittest.main()
