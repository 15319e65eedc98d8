"""What the tests of shipped files share: where they are, the tools, and streams made of Python values."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARE = ROOT / "Sources" / "Share"
sys.path[:0] = [str(ROOT / "Tests" / "StreamReader"), str(SHARE / "python")]
TOOLS = tuple(sorted(folder.name for folder in (ROOT / "Sources").glob("fm-*")))
EXAMPLES = ROOT / "Tests" / "Examples"


def _folder(names):
    given = os.environ.get("FM_BIN")
    places = [pathlib.Path(given).resolve()] if given else [ROOT / ".build-test" / "release", ROOT / ".build" / "release"]
    places = [place for place in places if all(os.access(place / name, os.X_OK) for name in names)]
    return max(places, key=lambda place: (place / names[0]).stat().st_mtime, default=None)


# Of two builds the newer one; None if the tools are not built.
BIN = _folder(TOOLS)
NO_TOOLS = "the tools are not built (make build, or FM_BIN=FOLDER)"
NO_JQ = None if shutil.which("jq") else "jq is not installed"


def portrait():
    """A picture with a face, from the Debian package facedetect; None if it is not there."""
    name = "usr/share/doc/facedetect/examples/grace_hopper_512x512.jpg"
    places = [os.environ.get("FM_PORTRAIT"), "/" + name, ROOT / ".build-test" / "facedetect" / name]
    return next((str(place) for place in places if place and os.access(place, os.R_OK)), None)


def run(command, data=b"", **options):
    """A finished process, its output as bytes."""
    return subprocess.run([str(word) for word in command], input=data, capture_output=True, timeout=120, **options)


def pipe(*commands, data=b""):
    """Runs tools one after the other, each with the output of the one before; the statuses, and the last one's output."""
    statuses = []
    for tool, *arguments in commands:
        result = run([BIN / tool, *arguments], data)
        statuses.append(result.returncode)
        data = result.stdout
    return statuses, data


def stream(frames, status="ok", source="made.mp4", classes=("happy", "sad"), closed=True, **header):
    """A stream without pixels; each frame is (time in quarters of a second, faces)."""
    history = [{"name": "fm-classify", "version": "1", "arguments": [], "classes": ",".join(classes)}] if classes else []
    records = [{"fm": 1, "type": "stream", "source": source,
                "video": {"width": 100, "height": 80, "pixel_format": "gray", "time_base": [1, 4]}, "history": history} | header]
    for number, (pts, faces, *more) in enumerate(frames):
        record = {"type": "frame", "seq": number, "pts": pts, "time": pts / 4, "width": 100, "height": 80,
                  "pixel_format": "gray", "duration": 1}
        records.append(record | ({} if faces is None else {"faces": faces}) | (more[0] if more else {}))
    if closed:
        records.append({"type": "end", "frames": len(frames), "status": status})
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def face(expression, *scores, box=(1, 2, 30, 40), classes=("happy", "sad"), **more):
    return {"box": list(box), "neighbors": 5, "expression": expression, "confidence": max(scores),
            "scores": dict(zip(classes, scores))} | more
