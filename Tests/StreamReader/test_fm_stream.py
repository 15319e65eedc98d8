"""Tests of the second stream reader: python3 -m unittest discover -s Tests/StreamReader."""

import hashlib
import io
import json
import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import stream_tool  # noqa: E402
import fm_stream  # noqa: E402
from fm_stream import (FORMATS, LINE_LIMIT, PAYLOAD_LIMIT, CutShort, Malformed, Number, Reader, Writer,  # noqa: E402
                       file_name, parse_line, plain, serialize)
from stream_generator import Generator  # noqa: E402

COMMAND = [sys.executable, stream_tool.__file__]
HEADER = b'{"fm":1,"type":"stream","tracks":[{"id":1,"kind":"audio","codec":"aac"}]}\n'
END = b'{"type":"end","frames":%d,"status":"ok"}\n'


def generated(seed, frames, concat=1, **options):
    target = io.BytesIO()
    generator = Generator(seed, frames, **options)
    for _ in range(concat):
        generator.write(Writer(target))
    return target.getvalue()


def records(data):
    return list(Reader(io.BytesIO(data)))


def frame(seq=0, width=3, height=3, pixel_format="gray", payload=None, without=(), **more):
    """One frame record's bytes; keys in `more` replace or add, those in `without` are left out."""
    if payload is None:
        payload = b"\n" * FORMATS[pixel_format](width, height)
    record = {"type": "frame", "seq": seq, "pts": seq, "time": seq, "width": width, "height": height,
              "pixel_format": pixel_format, "bytes": len(payload)}
    record.update(more)
    record = {key: value for key, value in record.items() if key not in without}
    guard = b"\n" if payload else b""
    return serialize(record).encode() + b"\n" + payload + guard


def stream(*parts, frames=None):
    count = sum(b'"type":"frame"' in part for part in parts) if frames is None else frames
    return HEADER + b"".join(parts) + END % count


class FileNames(unittest.TestCase):
    def test_bytes_of_names(self):
        self.assertEqual(file_name("caf\u00e9.png"), "caf\u00e9.png".encode())
        self.assertEqual(file_name("caf\uefe9.png"), b"caf\xe9.png")
        self.assertEqual(file_name("\uefee\uefbe\uef80\uef7f"), b"\xee\xbe\x80\xee\xbd\xbf")


class OneByteAtATime:
    def __init__(self, data):
        self.data, self.at = data, 0

    def read(self, _):
        self.at += 1
        return self.data[self.at - 1:self.at]


class Valid(unittest.TestCase):
    def test_generated_streams_are_valid_and_copied_exactly(self):
        for seed in range(60):
            with self.subTest(seed=seed):
                data = generated(seed, seed % 7, concat=1 + seed % 3, packets=seed % 2 == 0, unknown=seed % 3 > 0)
                target = io.BytesIO()
                writer = Writer(target)
                for record in Reader(io.BytesIO(data)):
                    writer.write_line(record.line, record.payload)
                self.assertEqual(target.getvalue(), data)

    def test_the_same_seed_gives_the_same_bytes(self):
        self.assertEqual(generated(5, 4, unknown=True), generated(5, 4, unknown=True))
        self.assertNotEqual(generated(5, 4), generated(6, 4))

    def test_where_reads_split_does_not_matter(self):
        data = generated(3, 4, size=(9, 7), packets=True, unknown=True, concat=2)
        whole, split = Reader(io.BytesIO(data)), Reader(OneByteAtATime(data))
        self.assertEqual([(r.line, r.payload, r.offset) for r in whole],
                         [(r.line, r.payload, r.offset) for r in split])
        self.assertEqual(whole.summary(), split.summary())

    def test_payload_lengths_of_all_formats_with_odd_sizes(self):
        expected = {"gray": 15, "yuv420p": 27, "yuv422p": 33, "yuv444p": 45, "nv12": 27, "rgb24": 45, "yuv420p10le": 54}
        self.assertEqual({name: length(5, 3) for name, length in FORMATS.items()}, expected)
        for pixel_format, length in FORMATS.items():
            self.assertEqual(length(1, 1), {"gray": 1, "yuv420p10le": 6}.get(pixel_format, 3))
            records(stream(frame(width=5, height=3, pixel_format=pixel_format)))
            for wrong in (-1, 1):
                with self.assertRaises(Malformed):
                    records(stream(frame(width=5, height=3, pixel_format=pixel_format,
                                         payload=bytes(length(5, 3) + wrong))))

    def test_a_status_that_is_not_known_is_a_failure_not_malformed(self):
        reader = Reader(io.BytesIO(HEADER + b'{"type":"end","frames":0,"status":"melted"}\n'))
        list(reader)
        self.assertEqual(reader.summary()["end"], "melted")

    def test_records_and_objects_are_read_and_changed_by_key(self):
        record = records(stream(frame(label="sad")))[1]
        self.assertEqual((record.type, record.get("label"), record.get("absent", 7)), ("frame", "sad", 7))
        record.set("label", "happy")
        record.set("x-new", 1)
        record.object.remove("time")
        keys = [key for key, _ in record.object]
        self.assertEqual(keys, ["type", "seq", "pts", "width", "height", "pixel_format", "bytes", "label", "x-new"])
        self.assertEqual(record.get("label"), "happy")
        self.assertIn(b'"label":"sad"', record.line)

    def test_plain_values(self):
        line = b'{"a":{"b":[1,-2.50e0,null,true,"7"],"c":{}},"a-b":1e3}'
        value = plain(parse_line(line))
        self.assertEqual(value, {"a": {"b": [1, -2.5, None, True, "7"], "c": {}}, "a-b": 1000.0})
        self.assertEqual([type(item) for item in value["a"]["b"][:2]], [int, float])
        kept = parse_line(line)
        self.assertEqual((kept["a"]["b"][1], kept["a-b"], kept[1]), ("-2.50e0", "1e3", ("a-b", "1e3")))
        with self.assertRaises(KeyError):
            kept["b"]

    def test_counts(self):
        reader = Reader(io.BytesIO(2 * stream(
            frame(faces=[{"box": [-1, 0, 2, 2]}]), b'{"type":"packet","track":1,"bytes":2}\n\n\n\n',
            b'{"type":"x"}\n')))
        list(reader)
        summary = reader.summary()
        del summary["sha256"]
        self.assertEqual(summary, {"streams": 2, "frames": 2, "packets": 2, "faces": 2, "others": 2, "end": "ok"})

    def test_frames_without_payload_and_gaps_in_seq(self):
        records(stream(frame(payload=b""), frame(seq=4, payload=b"", without=["bytes"])))

    def test_numbers_order_and_unknown_keys_stay_as_written(self):
        line = b'{"type":"x","b":1.50e+02,"a":[-0.0,1E5,12345678901234567890123],"c":{"z":1,"y":1e400}}'
        record = records(stream(line + b"\n"))[1]
        self.assertEqual(serialize(record.object).encode(), line)
        self.assertEqual(record.object.get("b"), Number("1.50e+02"))

    def test_canonical_form_ignores_only_spacing_and_escapes(self):
        def digest(*parts):
            reader = Reader(io.BytesIO(stream(*parts)))
            list(reader)
            return reader.summary()["sha256"]
        plain = '{"type":"x","k":"é","n":1.0}\n'.encode()
        self.assertEqual(digest(plain), digest(b'{"type" : "x", "\\u006b":"\\u00e9","n":1.0}\n'))
        self.assertNotEqual(digest(plain), digest(plain.replace(b"1.0", b"1.00")))
        self.assertNotEqual(digest(frame(payload=b"123456789")), digest(frame(payload=b"123456780")))

    def test_longest_line(self):
        note = b'{"type":"x","t":"' + b"a" * (LINE_LIMIT - 19) + b'"}'
        self.assertEqual(len(note), LINE_LIMIT)
        records(stream(note + b"\n"))
        with self.assertRaisesRegex(Malformed, "longer"):
            records(stream(note + b" \n"))


class Cut(unittest.TestCase):
    def test_every_offset(self):
        data = generated(11, 2, size=(3, 2), packets=True, unknown=True)
        records(data)
        for length in range(len(data)):
            with self.assertRaises(CutShort, msg=f"cut at {length}"):
                records(data[:length])

    def test_every_offset_of_the_second_of_two(self):
        first, both = generated(12, 0), generated(12, 1, size=(3, 2))
        for length in range(1, len(both)):
            with self.assertRaises(CutShort, msg=f"cut at {length}"):
                records(first + both[:length])

    def test_a_stream_that_follows_a_cut_one(self):
        with self.assertRaises(CutShort):
            records(HEADER + frame() + stream(frame()))


class Refused(unittest.TestCase):
    def refused(self, data, why):
        with self.assertRaisesRegex(Malformed, why):
            records(data)

    def test_beginnings(self):
        end = END % 0
        self.refused(b'{"fm":2,"type":"stream"}\n' + end, "major version 2")
        self.refused(b'{"fm":10,"type":"stream"}\n' + end, "major version")
        self.refused(b'{"fm":1.0,"type":"stream"}\n' + end, "integer")
        self.refused(b'{"fm":"1","type":"stream"}\n' + end, "integer")
        self.refused(b'{"type":"stream","fm":1}\n' + end, "first key")
        self.refused(b'{"fm":1,"type":"frame"}\n' + end, "stream")
        self.refused(b' {"fm":1,"type":"stream"}\n' + end, "beginning")
        self.refused(b'\xef\xbb\xbf{"fm":1,"type":"stream"}\n' + end, "beginning")
        self.refused(end, "first key")
        self.refused(b"\0\0\0\x20ftypisom" + bytes(50), "beginning")
        self.refused(b"[1]\n", "beginning")
        self.refused(stream() + b"\n", "beginning")
        self.refused(stream() + frame(), "first key")
        self.refused(HEADER + b'{"type":"stream"}\n' + end, "first key")

    def test_json(self):
        for line in (b"{", b'{"type":"x",}', b'{"type":"x","n":NaN}', b'{"type":"x","n":-Infinity}', b"{'type':1}",
                     b'{"type":"x","n":01}', b'{"type":"x","n":.5}', b'{"type":"x","n":+1}', b'{"type":"x"} {}',
                     b'{"type":"x","t":"\t"}', b'{"type":"x","t":"\\x41"}', b'{"type":"x"}\0',
                     b'{"type":"x","t":' + b"[" * 200000 + b"]" * 200000 + b"}"):
            with self.subTest(line=line[:40]):
                self.refused(stream(line + b"\n"), "JSON")
        self.refused(stream(b'{"type":"x","t":"\xff"}\n'), "UTF-8")
        self.refused(stream(b'{"type":"x","t":"\xed\xa0\x80"}\n'), "UTF-8")
        self.refused(stream(b'{"type":"x","type":"x"}\n'), "twice")
        self.refused(stream(b'{"type":"x","\\u0074ype":"x"}\n'), "twice")
        self.refused(stream(b'{"kind":"x"}\n'), "type must")
        self.refused(stream(b'{"type":7}\n'), "type must")

    def test_guard_byte_and_length(self):
        self.refused(stream(frame()[:-1] + b" "), "newline after the payload")
        self.refused(stream(frame(payload=b"\n" * 9)[:-1]), "newline after the payload")
        for value in (Number("9.0"), Number("-9"), "9", None, True, Number("9" * 4000)):
            self.refused(stream(frame(bytes=value)), "bytes")
        self.refused(HEADER + b'{"type":"x","bytes":%d}\n' % (PAYLOAD_LIMIT + 1), "limit")

    def test_a_length_within_the_limit_is_not_allocated_before_it_is_there(self):
        with self.assertRaises(CutShort):
            records(HEADER + b'{"type":"x","bytes":%d}\nabc' % PAYLOAD_LIMIT)

    def test_frames(self):
        self.refused(stream(frame(1), frame(1)), "increase")
        self.refused(stream(frame(1), frame(0)), "increase")
        self.refused(stream(frame(pixel_format="gray", payload=b"", bytes=0, width=0)), "width")
        self.refused(stream(frame(payload=b"", pixel_format="gray").replace(b"gray", b"yuva")), "wire format")
        for key in ("seq", "pts", "time", "width", "height", "pixel_format"):
            self.refused(stream(frame(without=[key])), key)
        self.refused(stream(frame(time=Number("1e999"))), "range")
        timed = b'{"fm":1,"type":"stream","video":{"time_base":[1,25]}}\n'
        self.refused(timed + frame(2, time=0.5) + END % 1, "seconds")

    def test_faces(self):
        for faces, why in (({}, "array"), ([1], "object"), ([{}], "box"), ([{"box": [1, 2, 3]}], "box"),
                           ([{"box": [1, 2, 0, 3]}], "box"), ([{"box": [1, 2, Number("3.0"), 3]}], "box"),
                           ([{"box": [1, 2, 3, 4], "confidence": 1.5}], "confidence"),
                           ([{"box": [1, 2, 3, 4], "scores": [1]}], "scores"),
                           ([{"box": [1, 2, 3, 4], "scores": {"sad": "1"}}], "score of"),
                           ([{"box": [1, 2, 3, 4], "expression": 1}], "expression")):
            with self.subTest(faces=faces):
                self.refused(stream(frame(faces=faces)), why)

    def test_packets_and_tracks(self):
        self.refused(stream(b'{"type":"packet","track":2}\n'), "track 2")
        self.refused(stream(b'{"type":"packet"}\n'), "track")
        self.refused(stream(b'{"type":"packet","track":1,"pts":1.5}\n'), "pts")
        self.refused(HEADER.replace(b"}]", b'},{"id":1}]') + END % 0, "two tracks")
        self.refused(HEADER.replace(b',"codec":"aac"', b"") + END % 0, "track codec")

    def test_ends(self):
        self.refused(stream(frame(), frames=2), "counts 2")
        self.refused(stream(frame(), frames=0), "counts 0")
        self.refused(HEADER + b'{"type":"end","frames":0,"status":7}\n', "status")
        self.refused(HEADER + b'{"type":"end","frames":0}\n', "status")


class Compressed(unittest.TestCase):
    """Streams that zstd has compressed, with a decoder made here: the module that does it need not be installed."""

    class Frame:
        """Undoes nothing: frames of the form magic, a byte with the length, and the bytes."""

        def __init__(self):
            self.data, self.eof, self.unused_data = b"", False, b""

        def decompress(self, piece):
            self.data += piece
            if len(self.data) < 5 or len(self.data) < 5 + self.data[4]:
                return b""
            end = 5 + self.data[4]
            if self.data[:4] != b"\x28\xb5\x2f\xfd":
                raise OSError("no magic")
            self.eof, self.unused_data = True, self.data[end:]
            return self.data[5:end]

    def setUp(self):
        original = fm_stream._decoder
        self.addCleanup(setattr, fm_stream, "_decoder", original)

    def frames(self, data, size=100):
        return b"".join(b"\x28\xb5\x2f\xfd" + bytes([len(data[at:at + size])]) + data[at:at + size]
                        for at in range(0, len(data), size))

    def test_frames_are_joined(self):
        fm_stream._decoder = lambda: (self.Frame, OSError)
        data = generated(3, 5, packets=True)
        for source in (io.BytesIO(self.frames(data)), OneByteAtATime(self.frames(data))):
            self.assertEqual([record.line for record in Reader(source)], [record.line for record in records(data)])

    def test_damage_and_cuts(self):
        fm_stream._decoder = lambda: (self.Frame, OSError)
        packed = self.frames(generated(3, 5))
        with self.assertRaises(CutShort):
            records(packed[:-1])
        with self.assertRaises(CutShort):
            records(packed[:7])
        with self.assertRaisesRegex(Malformed, "damaged compressed data: no magic"):
            records(packed[:105] + b"x" + packed[106:])

    def test_without_a_module(self):
        """The message says which one, and what to do without."""
        code = ("import sys; sys.modules['zstandard'] = sys.modules['compression'] = None; "
                "import fm_stream; sys.exit(fm_stream.main(['check']))")
        result = subprocess.run([sys.executable, "-B", "-c", code], input=b"\x28\xb5\x2f\xfd\x00",
                                capture_output=True, cwd=os.path.dirname(fm_stream.__file__))
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"needs the Python module zstandard (or pipe it through zstd -dc)", result.stderr)

    def test_other_beginnings_are_streams(self):
        for data in (b"", b"(", b"(\xb5", b"P*M"):
            with self.assertRaises((Malformed, CutShort)) as caught:
                records(data)
            self.assertNotIn("compressed", str(caught.exception))

    def test_an_index_passes(self):
        index = b'{"type":"index","seq":[0],"pts":[0],"offset":[80]}\n'
        end = b'{"type":"end","frames":1,"status":"ok","index":200}\n'
        self.assertEqual(records(HEADER + frame() + index + end)[2].type, "index")
        for wrong in (b'{"type":"index","seq":[0],"offset":[]}\n', b'{"type":"index","seq":[1,1],"offset":[1,2]}\n',
                      b'{"type":"index","seq":{},"offset":[]}\n'):
            with self.assertRaises(Malformed):
                records(HEADER + frame() + wrong + end)


class Command(unittest.TestCase):
    def run_command(self, *arguments, data=b""):
        return subprocess.run(COMMAND + list(arguments), input=data, capture_output=True)

    def test_generate_check_dump_copy(self):
        made = self.run_command("generate", "--seed", "4", "--frames", "3", "--size", "7x5", "--format", "nv12",
                                "--packets", "--unknown", "--concat", "2")
        self.assertEqual(made.returncode, 0, made.stderr)
        check = self.run_command("check", data=made.stdout)
        self.assertEqual(check.returncode, 0, check.stderr)
        summary = json.loads(check.stdout)
        self.assertEqual((summary["streams"], summary["frames"], summary["end"]), (2, 6, "ok"))
        self.assertEqual(self.run_command("copy", "-", data=made.stdout).stdout, made.stdout)
        dump = self.run_command("dump", data=made.stdout).stdout.splitlines()
        read = records(made.stdout)
        self.assertEqual(len(dump), len(read))
        for line, record in zip(dump, read):
            payload = json.loads(line).get("payload")
            if record.payload:
                self.assertEqual(payload, {"bytes": len(record.payload),
                                           "sha256": hashlib.sha256(record.payload).hexdigest()})
            else:
                self.assertIsNone(payload)

    def test_exit_status(self):
        whole = stream(frame())
        for data, status, end in ((whole, 0, "ok"), (whole[:-5], 74, "cut"), (b"", 74, "cut"),
                                  (b"GIF89a", 65, "malformed"), (whole.replace(b'"ok"', b'"error"'), 1, "error"),
                                  (whole.replace(b'"ok"', b'"melted"'), 1, "melted"),
                                  (whole + b"x", 65, "malformed")):
            result = self.run_command("check", data=data)
            self.assertEqual((result.returncode, json.loads(result.stdout)["end"]), (status, end))
            self.assertEqual(len(result.stderr.splitlines()), 0 if status == 0 else 1)
        self.assertEqual(self.run_command("check", "/nonexistent/stream.fm").returncode, 74)
        self.assertEqual(self.run_command("generate").returncode, 64)
        self.assertEqual(self.run_command("generate", "--seed", "1", "--frames", "1", "--size", "3").returncode, 64)


if __name__ == "__main__":
    unittest.main()
