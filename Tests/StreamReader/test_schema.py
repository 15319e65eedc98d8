"""The shipped JSON Schema says what fm-stream(5) says: what it takes, and what it refuses as the readers do."""

import copy
import io
import json
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import stream_schema  # noqa: E402
import stream_tool  # noqa: E402
from fm_stream import FORMATS, Reader, StreamError, Validator, Writer, parse_line, payload_length  # noqa: E402
from stream_generator import Generator  # noqa: E402

ROOT = stream_tool.ROOT
HEADER = {"fm": 1, "type": "stream"}
TRACK = {"id": 1, "kind": "audio", "codec": "aac"}
VIDEO = {"width": 4, "height": 2, "pixel_format": "gray", "time_base": [1, 25]}
FRAME = {"type": "frame", "seq": 0, "pts": 0, "time": 0.0, "width": 4, "height": 2, "pixel_format": "gray"}
FACE = {"box": [-3, 0, 10, 12], "neighbors": 3, "expression": "happy", "confidence": 0.5, "scores": {"happy": 0.5}}
END = {"type": "end", "frames": 0, "status": "ok"}
HISTORY = {"name": "x", "version": "1", "arguments": ["-q"]}


def reader_refuses(record):
    """Whether the Python reader refuses a record by itself, in a stream in which everything else is right."""
    line = json.dumps(record).encode()
    validator = Validator()
    kind = record.get("type") if isinstance(record, dict) else None
    try:
        parsed = parse_line(line)
        payload_length(parsed)
        if "fm" not in record and kind != "stream":
            validator.accept(parse_line(json.dumps(HEADER | {"tracks": [TRACK]}).encode()))
        if kind == "end":
            validator.stream_frames = parsed.get("frames") and int(parsed.get("frames"))
        validator.accept(parsed)
    except StreamError:
        return True
    except (TypeError, ValueError):
        return True  # of the line above
    return False


def places(value, path=()):
    """Every path into a JSON value, the value itself included."""
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in pairs:
        yield from places(child, path + (key,))


def changed(record, path, value):
    record = copy.deepcopy(record)
    at = record
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return record


@unittest.skipUnless(stream_schema.is_available(), stream_schema.MISSING)
class Schema(unittest.TestCase):
    def takes(self, record):
        self.assertEqual(stream_schema.problems(record), [], record)

    def refuses(self, record):
        self.assertNotEqual(stream_schema.problems(record), [], f"taken: {record}")

    def test_it_is_a_schema(self):
        from jsonschema import Draft202012Validator
        schema = json.loads(stream_schema.PATH.read_text())
        Draft202012Validator.check_schema(schema)
        self.assertEqual(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
        # Every definition is used.
        used = set(re.findall(r'"#/\$defs/(\w+)"', stream_schema.PATH.read_text()))
        self.assertEqual(used, set(schema["$defs"]))

    def test_it_knows_the_pixel_formats(self):
        schema = json.loads(stream_schema.PATH.read_text())
        self.assertEqual(schema["$defs"]["pixelFormat"]["enum"], list(FORMATS))

    def test_it_names_the_keys_of_the_manual(self):
        """The keys that fm-stream(5) has items for, record by record."""
        definitions = json.loads(stream_schema.PATH.read_text())["$defs"]
        page = (ROOT / "man" / "fm-stream.5").read_text()
        sections = {"stream": (r"\.Sh STREAM RECORD", r"\.Ss Video"), "video": (r"\.Ss Video", r"\.Ss Tracks"),
                    "track": (r"\.Ss Tracks", r"\.Sh FRAME RECORD"), "frame": (r"\.Sh FRAME RECORD", r"\.Ss Pixel formats"),
                    "face": (r"\.Ss Faces", r"\.Sh PACKET RECORD"), "packet": (r"\.Sh PACKET RECORD", r"\.Sh END RECORD"),
                    "end": (r"\.Sh END RECORD", r"\.Sh UNKNOWN"),
                    "index": (r"\.Ss Index record", r"\.Ss Compression")}
        for name, (first, last) in sections.items():
            text = re.search(f"^{first}$(.*?)^{last}", page, re.S | re.M)[1]
            keys = set()
            # Items in quotes are values of a key.
            for item in re.findall(r"^\.It (?!Dq )(.*)$", text, re.M):
                keys |= set(re.findall(r"\b[a-z]\w*", re.sub(r"\b(?:Va|Li|Cm|Sy|Ql|Fl|Ns|No|Xo|Xc|Ar)\b", "", item)))
            with self.subTest(name):
                known = set(definitions[name]["properties"]) - {"bytes"}
                self.assertEqual(known, keys - {"bytes"})

    def test_random_streams(self):
        for seed in range(60):
            data = io.BytesIO()
            status = ("ok", "error", "interrupted")[seed % 3]
            Generator(seed, 6, packets=seed % 2 == 0, unknown=seed % 4 > 1, status=status).write(Writer(data))
            data.seek(0)
            for record in Reader(data):
                self.assertEqual(stream_schema.problems(record.line), [], record.line)

    def test_whole_records(self):
        for record in (
                HEADER, HEADER | {"source": "a.mp4", "live": True, "history": [HISTORY | {"model": "m"}]},
                HEADER | {"video": VIDEO | {"frame_rate": [0, 1], "sample_aspect_ratio": None, "color_range": None,
                                            "color_space": "bt709", "frames": 3, "duration": None}},
                HEADER | {"tracks": [TRACK | {"extradata": "EhA=", "codec_tag": 2**32 - 1, "profile": -1, "bit_rate": 2**40,
                                              "disposition": ["default"], "metadata": {"language": "ell"}}]},
                FRAME, FRAME | {"bytes": 8, "faces": []}, FRAME | {"bytes": 0, "key": True, "label": "sad"},
                FRAME | {"faces": [FACE, {"box": [0, 0, 1, 1], "expression": None, "confidence": None,
                                          "scores": {"a": None}, "held": True,
                                          "parts": [{"box": [0, 0, 1, 1], "neighbors": 0, "cascade": "eye"}]}]},
                {"type": "packet", "track": 1}, {"type": "packet", "track": 1, "pts": -5, "dts": -6, "duration": 0,
                                                 "key": True, "skip": [1024, 0], "bytes": 9},
                END, END | {"status": "interrupted", "message": "by a signal", "dropped": 1, "unreadable": 2},
                END | {"status": "error"}, END | {"status": "melted"},
                {"type": "x-note", "bytes": 2**28, "frames": "a key of one's own"}):
            self.takes(record)

    def test_keys_to_come(self):
        points = [[1, 2], [3.5, 2], [2, 3], [1, 4], [3, 4]]
        face = {"box": [0, 0, 9, 9], "score": 0.9, "points": points, "crop": [-1, 0, 9, 9], "id": 1, "filled": True,
                "smoothed": {"expression": "happy", "confidence": 0.8, "scores": {"happy": 0.8}}}
        self.takes(HEADER | {"chunk": [3, 8]})
        self.takes(FRAME | {"faces": [face]})
        self.takes(END | {"damaged": 1, "index": 12345})
        self.takes({"type": "index", "bytes": 4, "frames": [1, 2]})
        for key, wrong in (("score", 1.5), ("points", points[:4]), ("points", [[1]] * 5), ("crop", [0, 0, 0, 1]), ("id", 0), ("id", "a"),
                           ("filled", 1), ("smoothed", []), ("smoothed", {"confidence": 2})):
            self.refuses(FRAME | {"faces": [face | {key: wrong}]})
        for wrong in ([0, 8], [3], [1, 2, 3], "3/8"):
            self.refuses(HEADER | {"chunk": wrong})
        self.refuses(END | {"index": -1})
        self.takes({"type": "index", "seq": [0, 90], "pts": [-5, -5], "offset": [120, 9000]})
        for key, wrong in (("seq", 3), ("seq", [-1]), ("offset", ["1"]), ("pts", [0.5])):
            self.refuses({"type": "index", "seq": [0], "offset": [120], key: wrong})

    def test_hostile_records(self):
        """Those of the reader's tests whose fault is in the record itself."""
        for record in (
                [], 7, None, {}, {"kind": "x"}, {"type": 7}, {"fm": 2, "type": "stream"}, {"fm": "1", "type": "stream"},
                {"type": "stream"}, HEADER | {"bytes": 1}, END | {"bytes": 1}, HEADER | {"live": 1},
                HEADER | {"tracks": {}}, HEADER | {"tracks": [{"kind": "audio", "codec": "aac"}]},
                HEADER | {"tracks": [{"id": 1, "codec": "aac"}]}, HEADER | {"tracks": [TRACK | {"time_base": [0, 1]}]},
                HEADER | {"tracks": [TRACK | {"extradata": "a"}]}, HEADER | {"tracks": [TRACK | {"codec_tag": 2**32}]},
                HEADER | {"tracks": [TRACK | {"profile": 2**31}]}, HEADER | {"history": {}}, HEADER | {"history": [1]},
                HEADER | {"video": []}, HEADER | {"video": VIDEO | {"width": 0}},
                HEADER | {"video": VIDEO | {"pixel_format": "yuva420p"}}, HEADER | {"video": VIDEO | {"time_base": [1, 0]}},
                HEADER | {"video": VIDEO | {"time_base": None}}, HEADER | {"video": VIDEO | {"color_range": "full"}},
                HEADER | {"video": VIDEO | {"frame_rate": [30, 0]}}, HEADER | {"video": VIDEO | {"frame_rate": [2**31, 1]}},
                FRAME | {"bytes": -9}, FRAME | {"bytes": "9"}, FRAME | {"bytes": None}, FRAME | {"bytes": True},
                FRAME | {"bytes": 8.5}, FRAME | {"bytes": 2**28 + 1}, FRAME | {"seq": -1}, FRAME | {"seq": 0.5},
                FRAME | {"pts": "0"}, FRAME | {"pts": 2**63}, FRAME | {"time": "0"}, FRAME | {"width": 0},
                FRAME | {"pixel_format": "yuva"}, FRAME | {"faces": {}}, FRAME | {"faces": [1]}, FRAME | {"faces": [{}]},
                FRAME | {"faces": [{"box": [1, 2, 3]}]}, FRAME | {"faces": [{"box": [1, 2, 3, 4, 5]}]},
                FRAME | {"faces": [{"box": [1, 2, 0, 3]}]}, FRAME | {"faces": [{"box": [1, 2, 3, 2**24 + 1]}]},
                FRAME | {"faces": [{"box": [1.5, 2, 3, 4]}]}, FRAME | {"faces": [FACE | {"confidence": 1.5}]},
                FRAME | {"faces": [FACE | {"scores": [1]}]}, FRAME | {"faces": [FACE | {"scores": {"sad": "1"}}]},
                FRAME | {"faces": [FACE | {"expression": 1}]}, {"type": "packet"}, {"type": "packet", "track": 0},
                {"type": "packet", "track": 1, "pts": 1.5}, {"type": "packet", "track": 1, "skip": [1]},
                {"type": "end", "frames": 0}, {"type": "end", "status": "ok"}, END | {"status": 7}, END | {"status": None},
                END | {"frames": -1}, END | {"message": 5}):
            self.refuses(record)
        for key in ("seq", "pts", "time", "width", "height", "pixel_format", "type"):
            self.refuses({k: v for k, v in FRAME.items() if k != key})

    def test_numbers_at_their_limits(self):
        """The largest numbers of frames and people, and the largest times, of either sign; one more is refused."""
        def face(number):
            return FRAME | {"faces": [FACE | {"id": number}]}

        def at(pts):
            return FRAME | {"pts": pts, "time": pts / 25}
        for record in (FRAME | {"seq": 2**53}, face(2**53), face(1), at(2**61), at(-2**61), FRAME | {"duration": 2**61}):
            self.takes(record)
            self.assertFalse(reader_refuses(record), record)
        for record in (FRAME | {"seq": 2**53 + 1}, face(2**53 + 1), face(0), face(-1), at(2**61 + 1), at(-2**61 - 1),
                       FRAME | {"duration": 2**61 + 1}):
            self.refuses(record)
            self.assertTrue(reader_refuses(record), record)

    def test_what_the_reader_refuses_of_a_record_it_refuses(self):
        """Every value of whole records is replaced by others: whatever the reader refuses, the schema refuses."""
        whole = [HEADER | {"source": "s", "live": False, "tracks": [TRACK], "history": [HISTORY],
                           "video": VIDEO | {"frame_rate": [25, 1], "sample_aspect_ratio": [1, 1], "color_range": "tv",
                                             "frames": 1, "duration": 1.0}},
                 FRAME | {"bytes": 8, "faces": [FACE]}, {"type": "packet", "track": 1, "pts": 0, "dts": 0, "duration": 1},
                 END | {"message": "m"}, {"type": "x-note", "bytes": 1}]
        refused = 0
        for record in whole:
            self.takes(record)
            self.assertFalse(reader_refuses(record), record)
            for path in places(record):
                if not path or path == ("type",):
                    continue
                for value in (None, True, 0, -1, 7, 0.5, 2**31, 2**63, 1e300, "", "x", [], [1], {}, {"a": []}):
                    other = changed(record, path, value)
                    # What depends on the payload or on another record is not the schema's matter.
                    if path in (("bytes",), ("track",), ("width",), ("height",)) and value in (0, 7, 2**31) and value is not True:
                        continue
                    if path == ("pts",) or path == ("time",):
                        if isinstance(value, (int, float)) and not isinstance(value, bool) and value != 2**63:
                            continue
                    if reader_refuses(other):
                        refused += 1
                        with self.subTest(path=path, value=value):
                            self.refuses(other)
        self.assertGreater(refused, 300)


if __name__ == "__main__":
    unittest.main()
