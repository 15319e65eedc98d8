#!/usr/bin/env python3
"""Reads and writes fm streams (fm-stream(5)): frames of video and the faces found in them.

As a module, for programs that read streams or filter them:

    import sys
    sys.path.insert(0, "/usr/local/share/fm/python")
    import fm_stream

    for record in fm_stream.Reader(sys.stdin.buffer):
        if record.type == "frame":
            for face in fm_stream.plain(record.get("faces", [])):
                print(record.get("seq"), face["box"], face.get("expression"))

For a table, such as a DataFrame of pandas, the shortest way is table.jq and pandas.read_csv.

As a command:

    fm_stream.py check [FILE]       validate; a one-line JSON summary on stdout
    fm_stream.py dump [FILE]        one JSON line a record, payloads as their length and sha256
    fm_stream.py copy [FILE]        write the stream again, record for record, lines byte for byte

Exit status: 0 ok, 1 a whole stream whose end record reports an error, 64 usage, 65 malformed,
74 cut short or input/output error.

A record keeps what it read byte for byte: an object is an Object, a list of (key, value) pairs with get() and [key], and
a number is a Number, its text, which int() and float() take. plain() makes dicts, ints and floats of them. Needs Python
3.9 or later and nothing else, but for streams compressed with zstd (.fm.zst) the module zstandard, or Python 3.14.
Written from the description of the format alone, independently of the tools.
"""

import argparse
import hashlib
import json
import math
import re
import signal
import sys
from fractions import Fraction

# The format

LINE_LIMIT = 1 << 20  # bytes of a line without its newline
PAYLOAD_LIMIT = 256 << 20
NUMBER_LIMIT = 1 << 53  # of frames and people
TIME_LIMIT = 1 << 61  # of a frame, in units of the time base


def _half(n):
    """Chroma samples that cover n luma samples: an odd last one counts."""
    return (n + 1) // 2


FORMATS = {
    "gray": lambda w, h: w * h,
    "yuv420p": lambda w, h: w * h + 2 * _half(w) * _half(h),
    "yuv422p": lambda w, h: w * h + 2 * _half(w) * h,
    "yuv444p": lambda w, h: 3 * w * h,
    "nv12": lambda w, h: w * h + 2 * _half(w) * _half(h),
    "rgb24": lambda w, h: 3 * w * h,
    "yuv420p10le": lambda w, h: 2 * (w * h + 2 * _half(w) * _half(h)),
}


class StreamError(Exception):
    status = 1


class Malformed(StreamError):
    """The bytes are no fm stream, or not a valid one."""

    status = 65


class CutShort(StreamError):
    """The stream stops before its end record."""

    status = 74


# JSON

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z")


def file_name(text):
    """The bytes of a file name from a record: characters U+EF80 to U+EFFF stand for bytes that are not UTF-8."""
    parts = (
        bytes([ord(character) & 0xFF]) if 0xEF80 <= ord(character) <= 0xEFFF else character.encode()
        for character in text
    )
    return b"".join(parts)


class Number(str):
    """A JSON number as its text: 1.50e+02 stays 1.50e+02."""

    __slots__ = ()

    @property
    def is_integer(self):
        return _INTEGER.match(self) is not None


class Object(list):
    """A JSON object as its (key, value) pairs in the order they were written."""

    __slots__ = ()

    def get(self, key, default=None):
        for k, value in self:
            if k == key:
                return value
        return default

    def __getitem__(self, key):
        """The value of a key, or the pair at an index."""
        if not isinstance(key, str):
            return super().__getitem__(key)
        for k, value in self:
            if k == key:
                return value
        raise KeyError(key)

    def set(self, key, value):
        """Replaces the value of a key, or adds the key at the end."""
        for index, (k, _) in enumerate(self):
            if k == key:
                self[index] = (key, value)
                return
        self.append((key, value))

    def remove(self, key):
        """Removes a key, if it is there."""
        self[:] = [pair for pair in self if pair[0] != key]

    def __contains__(self, key):
        return any(k == key for k, _ in self)


def plain(value):
    """The value as Python's own types: dicts, lists, and ints or floats instead of Numbers."""
    if isinstance(value, Number):
        return int(value) if value.is_integer else float(value)
    if isinstance(value, Object):
        return {key: plain(item) for key, item in value}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _refuse_constant(text):
    raise ValueError(f"{text} is not JSON")


def parse_line(line):
    """The top-level object of one line (bytes without newline), or Malformed."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"not UTF-8 at byte {error.start} of the line") from None
    if not text.startswith("{"):
        raise Malformed("a record must start with '{' at the beginning of a line")
    try:
        record = json.loads(text, object_pairs_hook=Object, parse_int=Number, parse_float=Number,
                            parse_constant=_refuse_constant)
    except RecursionError:
        raise Malformed("JSON nested too deeply") from None
    except ValueError as error:
        raise Malformed(f"not JSON: {error}") from None
    keys = [key for key, _ in record]
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Malformed(f"key {twice!r} occurs twice")
    return record


def serialize(value, comma=",", colon=":", quote=None):
    """JSON text with keys in their order and Number texts as they are."""
    quote = quote or (lambda text: json.dumps(text))
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str):
        return quote(value)
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return json.dumps(value, allow_nan=False)
    if isinstance(value, (Object, dict)):
        pairs = value.items() if isinstance(value, dict) else value
        return "{" + comma.join(quote(k) + colon + serialize(v, comma, colon, quote) for k, v in pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + comma.join(serialize(v, comma, colon, quote) for v in value) + "]"
    raise TypeError(f"{type(value).__name__} has no JSON form")


# Rules

def _number(value, what, low=None, high=None):
    if not isinstance(value, Number):
        raise Malformed(f"{what} must be a number")
    result = float(value)
    if not math.isfinite(result):
        raise Malformed(f"{what} is out of range: {value}")
    if (low is not None and result < low) or (high is not None and result > high):
        raise Malformed(f"{what} must lie in [{low}, {high}]: {value}")
    return result


def _integer(value, what, low=None, high=None):
    if not isinstance(value, Number) or not value.is_integer:
        raise Malformed(f"{what} must be an integer")
    if len(value) > 20 or not -(1 << 63) <= int(value) < 1 << 63:
        raise Malformed(f"{what} is out of range: {value[:24]}")
    if low is not None and int(value) < low:
        raise Malformed(f"{what} must be at least {low}: {value}")
    if high is not None and int(value) > high:
        raise Malformed(f"{what} must be at most {high}: {value}")
    return int(value)


def _string(value, what):
    if not isinstance(value, str) or isinstance(value, Number):
        raise Malformed(f"{what} must be a string")
    return value


def _object(value, what):
    if not isinstance(value, Object):
        raise Malformed(f"{what} must be an object")
    return value


def _array(value, what):
    if not isinstance(value, list) or isinstance(value, Object):
        raise Malformed(f"{what} must be an array")
    return value


def _ratio(value, what, low):
    pair = _array(value, what)
    if len(pair) != 2:
        raise Malformed(f"{what} must be [numerator, denominator]")
    return Fraction(_integer(pair[0], what, low), _integer(pair[1], what, 1))


def payload_length(record):
    """How many raw bytes follow this record's line; checked before anything is read."""
    if "bytes" not in record:
        return 0
    length = _integer(record.get("bytes"), "bytes", 0)
    if length > PAYLOAD_LIMIT:
        raise Malformed(f"payload of {length} bytes: the limit is {PAYLOAD_LIMIT}")
    return length


class Validator:
    """What must hold between records: order, counts, and what the stream record declared."""

    def __init__(self):
        self.inside = False
        self.streams = self.frames = self.packets = self.faces = self.others = 0
        self.statuses = []

    def accept(self, record):
        is_header = bool(record) and record[0][0] == "fm"
        if is_header and self.inside:
            raise CutShort("a new stream begins before the end record of the one before")
        if not is_header and not self.inside:
            raise Malformed("a stream must begin with a record whose first key is \"fm\"")
        if is_header:
            self._header(record)
            return
        kind = _string(record.get("type"), "type")
        if kind == "stream":
            raise Malformed("a stream record's first key must be \"fm\"")
        known = {"frame": self._frame, "packet": self._packet, "index": self._index, "end": self._end}
        known.get(kind, self._other)(record)

    def _header(self, record):
        version = record[0][1]
        if not isinstance(version, Number) or not version.is_integer:
            raise Malformed("fm must be an integer, the major version")
        if version != "1":
            raise Malformed(f"major version {version[:24]}: only 1 is known")
        if _string(record.get("type"), "type") != "stream":
            raise Malformed("the first record's type must be \"stream\"")
        self.time_base = None
        self.tracks = set()
        self.last_seq = -1
        self.stream_frames = 0
        if "source" in record:
            _string(record.get("source"), "source")
        if not isinstance(record.get("live"), (bool, type(None))):
            raise Malformed("live must be true or false")
        if record.get("chunk") is not None:
            chunk = _array(record.get("chunk"), "chunk")
            if len(chunk) != 2:
                raise Malformed("chunk must be [number,count]")
            if _integer(chunk[0], "chunk", 1) > _integer(chunk[1], "chunk", 1):
                raise Malformed("chunk must have a number up to its count")
        if record.get("video") is not None:
            self._video(_object(record.get("video"), "video"))
        for track in _array(record.get("tracks", []), "tracks"):
            track = _object(track, "track")
            identifier = _integer(track.get("id"), "track id")
            if identifier in self.tracks:
                raise Malformed(f"two tracks have id {identifier}")
            self.tracks.add(identifier)
            for key in ("kind", "codec"):
                _string(track.get(key), f"track {key}")
        for entry in _array(record.get("history", []), "history"):
            _object(entry, "history entry")
        self.inside = True
        self.streams += 1

    def _video(self, video):
        for key in ("width", "height"):
            if key in video:
                _integer(video.get(key), f"video {key}", 1)
        if "pixel_format" in video and _string(video.get("pixel_format"), "pixel_format") not in FORMATS:
            raise Malformed(f"pixel format {video.get('pixel_format')!r} is no wire format")
        if video.get("time_base") is not None:
            self.time_base = _ratio(video.get("time_base"), "time_base", 1)
        for key in ("frame_rate", "sample_aspect_ratio"):
            if video.get(key) is not None:
                _ratio(video.get(key), key, 0)
        if video.get("color_range") is not None:
            _string(video.get("color_range"), "color_range")
        if video.get("frames") is not None:
            _integer(video.get("frames"), "video frames", 0)
        for key in ("duration", "start_time"):
            if video.get(key) is not None:
                _number(video.get(key), f"video {key}")

    def _frame(self, record):
        seq = _integer(record.get("seq"), "seq", 0, NUMBER_LIMIT)
        if seq <= self.last_seq:
            raise Malformed(f"seq {seq} after {self.last_seq}: seq must increase")
        pts = _integer(record.get("pts"), "pts", -TIME_LIMIT, TIME_LIMIT)
        if record.get("duration") is not None:
            _integer(record.get("duration"), "duration", -TIME_LIMIT, TIME_LIMIT)
        time = _number(record.get("time"), "time")
        if self.time_base is not None:
            expected = float(pts * self.time_base)
            if abs(time - expected) > 0.001 + 1e-9 * abs(expected):
                raise Malformed(f"time {time} is not pts {pts} in seconds, {expected:.6f}")
        width = _integer(record.get("width"), "width", 1)
        height = _integer(record.get("height"), "height", 1)
        pixel_format = _string(record.get("pixel_format"), "pixel_format")
        if pixel_format not in FORMATS:
            raise Malformed(f"pixel format {pixel_format!r} is no wire format")
        length = payload_length(record)
        expected = FORMATS[pixel_format](width, height)
        if length and length != expected:
            raise Malformed(f"{length} bytes for {width}x{height} {pixel_format}, which has {expected}")
        if "faces" in record:
            faces = _array(record.get("faces"), "faces")
            for face in faces:
                self._face(_object(face, "face"))
            self.faces += len(faces)
        self.last_seq = seq
        self.stream_frames += 1
        self.frames += 1

    @staticmethod
    def _face(face):
        box = _array(face.get("box"), "box")
        if len(box) != 4:
            raise Malformed("box must be [x, y, width, height]")
        for index, value in enumerate(box):
            _integer(value, "box", 1 if index > 1 else None)
        if face.get("id") is not None:
            _integer(face.get("id"), "id", 1, NUMBER_LIMIT)
        if "neighbors" in face:
            _integer(face.get("neighbors"), "neighbors", 0)
        if "score" in face:
            _number(face.get("score"), "score", 0, 1)
        if "points" in face:
            points = [_array(point, "points") for point in _array(face.get("points"), "points")]
            if [len(point) for point in points] != [2] * 5:
                raise Malformed("points must be five pairs [x, y]")
            for point in points:
                for value in point:
                    _number(value, "points")
        if "crop" in face:
            crop = _array(face.get("crop"), "crop")
            if len(crop) != 4:
                raise Malformed("crop must be [x, y, width, height]")
            for index, value in enumerate(crop):
                _integer(value, "crop", 1 if index > 1 else None)
        if "expression" in face:
            if face.get("expression") is not None:  # null: no answer that could be trusted
                _string(face.get("expression"), "expression")
        if "confidence" in face:
            if face.get("confidence") is not None:
                _number(face.get("confidence"), "confidence", 0, 1)
        if "scores" in face:
            for name, score in _object(face.get("scores"), "scores"):
                if score is not None:
                    _number(score, f"score of {name!r}", 0, 1)

    def _packet(self, record):
        track = _integer(record.get("track"), "track")
        if track not in self.tracks:
            raise Malformed(f"packet of track {track}, which the stream record does not list")
        for key in ("pts", "dts", "duration"):
            if record.get(key) is not None:
                _integer(record.get(key), key)
        self.packets += 1

    def _index(self, record):
        """Its form only: what it says of the bytes is for those who seek."""
        self.others += 1
        lists = {key: _array(record.get(key), f"{key} of the index") for key in ("seq", "pts", "offset") if key in record}
        if lists and len({len(numbers) for numbers in lists.values()}) != 1:
            raise Malformed("the lists of the index differ in length")
        for key, numbers in lists.items():
            values = [_integer(number, f"{key} of the index", None if key == "pts" else 0) for number in numbers]
            if any(a > b or (a == b and key != "pts") for a, b in zip(values, values[1:])):
                raise Malformed(f"{key} of the index must grow")

    def _other(self, record):
        self.others += 1

    def _end(self, record):
        frames = _integer(record.get("frames"), "frames", 0)
        if frames != self.stream_frames:
            raise Malformed(f"the end record counts {frames} frames, the stream has {self.stream_frames}")
        # A status that this version does not know is a failure like "error", not a malformed stream.
        status = _string(record.get("status"), "status")
        if "message" in record:
            _string(record.get("message"), "message")
        self.statuses.append(status)
        self.inside = False


# Compression

_ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"  # after a byte from 0x50 to 0x5f


def _is_compressed(head):
    """Whether data that begins so is zstd's."""
    return head[:4] == _ZSTD or (len(head) >= 4 and 0x50 <= head[0] <= 0x5F and head[1:4] == _SKIPPABLE)


def _decoder():
    """A function that makes a decompressor of one frame, and its error."""
    try:
        from compression import zstd
        return zstd.ZstdDecompressor, zstd.ZstdError
    except ImportError:
        pass
    try:
        import zstandard
    except ImportError:
        raise StreamError("the stream is compressed with zstd, which needs the Python module zstandard "
                          "(or pipe it through zstd -dc)") from None
    return lambda: zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError


class _Decompressed:
    """A file object with what zstd frames stand for; the first bytes have been read already."""

    _PIECE = 1 << 11  # becomes 64 MiB at most

    def __init__(self, head, source):
        self._make, self._error = _decoder()
        self._rest, self._source, self._frame = head, source, None

    def read(self, count):
        while True:
            if not self._rest:
                self._rest = self._source.read(count)
                if not self._rest:
                    if self._frame is not None:
                        raise CutShort("the last compressed frame ends early")
                    return b""
            piece, self._rest = self._rest[:self._PIECE], self._rest[self._PIECE:]
            if self._frame is None:
                self._frame = self._make()
            try:
                data = self._frame.decompress(piece)
            except self._error as error:
                raise Malformed(f"damaged compressed data: {error}") from None
            if self._frame.eof:
                self._rest, self._frame = self._frame.unused_data + self._rest, None
            if data:
                return data


# Reading

class Record:
    """One record: its line as written (no newline), the object it says, and its payload."""

    __slots__ = ("line", "object", "payload", "offset")

    def __init__(self, line, object, payload=b"", offset=0):
        self.line, self.object, self.payload, self.offset = line, object, payload, offset

    @property
    def type(self):
        return self.object.get("type")

    def get(self, key, default=None):
        """The value of a top-level key."""
        return self.object.get(key, default)

    def set(self, key, value):
        """Sets a top-level key; `line` stays as it was read."""
        self.object.set(key, value)


class Reader:
    """Iterates over the records of a binary file object; raises Malformed or CutShort.

    `source.read(n)` may return less than n bytes, but returns b"" only at the end. If what it has is compressed with zstd,
    it is decompressed, which raises StreamError where no module for that is installed.
    """

    _CHUNK = 1 << 16

    def __init__(self, source):
        self._source = source
        self._buffer = bytearray()
        self._begun = self._ended = False
        self._validator = Validator()
        self._sha256 = hashlib.sha256()
        self.offset = 0  # bytes taken from the front so far
        self.number = 0  # records given out so far
        self._failure = None

    def __iter__(self):
        while True:
            record = self.next()
            if record is None:
                return
            yield record

    def next(self):
        """The next record, or None at the proper end."""
        try:
            return self._next()
        except StreamError as error:
            self._failure = "cut" if isinstance(error, CutShort) else "malformed"
            raise

    def _next(self):
        offset = self.offset
        line = self._line()
        if line is None:
            if self._validator.inside:
                raise CutShort("no end record")
            if self._validator.streams == 0:
                raise CutShort("empty")
            return None
        record = Record(line, parse_line(line), offset=offset)
        length = payload_length(record.object)
        self._validator.accept(record.object)
        if length:
            record.payload = self._take(length, "payload")
            if self._take(1, "guard byte") != b"\n":
                raise Malformed("no newline after the payload: its length is wrong or bytes were changed")
        self.number += 1
        canonical = serialize(record.object).encode("ascii") + b"\n"
        self._sha256.update(canonical)
        if length:
            self._sha256.update(record.payload)
            self._sha256.update(b"\n")
        return record

    def summary(self):
        """What was read; sha256 covers every record in canonical form: compact JSON with keys in order,
        numbers as written and strings escaped to ASCII, newline, payload, guard byte."""
        v = self._validator
        end = self._failure or next((s for s in v.statuses if s != "ok"), "ok")
        return {"streams": v.streams, "frames": v.frames, "packets": v.packets, "faces": v.faces,
                "others": v.others, "end": end, "sha256": self._sha256.hexdigest()}

    def _begin(self):
        """Looks at the first bytes."""
        head = b""
        while len(head) < 4 and (not head or head[0] == _ZSTD[0] or 0x50 <= head[0] <= 0x5F):
            more = self._source.read(self._CHUNK)
            if not more:
                break
            head += more
        if _is_compressed(head):
            self._source = _Decompressed(head, self._source)
            return self._source.read(self._CHUNK)
        return head

    def _fill(self):
        if self._ended:
            return False
        chunk = self._source.read(self._CHUNK) if self._begun else self._begin()
        self._begun = True
        self._ended = not chunk
        self._buffer += chunk
        return bool(chunk)

    def _line(self):
        searched = 0
        while True:
            end = self._buffer.find(b"\n", searched, LINE_LIMIT + 1)
            if end >= 0:
                break
            searched = min(len(self._buffer), LINE_LIMIT + 1)
            if self._buffer and self._buffer[:1] != b"{":
                # said at once: another kind of file need not hold a newline at all
                raise Malformed("a record must start with '{' at the beginning of a line")
            if len(self._buffer) > LINE_LIMIT:
                raise Malformed(f"a line is longer than {LINE_LIMIT} bytes")
            if not self._fill():
                if not self._buffer:
                    return None
                raise CutShort("the last line has no newline")
        line = bytes(self._buffer[:end])
        del self._buffer[:end + 1]
        self.offset += end + 1
        return line

    def _take(self, count, what):
        while len(self._buffer) < count:
            if not self._fill():
                raise CutShort(f"{what}: {len(self._buffer)} of {count} bytes")
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        self.offset += count
        return data


# Writing

class Writer:
    """Writes records to a binary file object.

    `write` takes an Object or a dict and its payload; `bytes` is put in for a payload when it is missing.
    `write_line` takes a line as bytes, which a filter passes on unchanged.
    """

    def __init__(self, target):
        self._target = target

    def write(self, record, payload=b"", comma=",", colon=":", quote=None):
        pairs = Object(record.items() if isinstance(record, dict) else record)
        if payload and "bytes" not in pairs:
            pairs.append(("bytes", len(payload)))
        if int(pairs.get("bytes", 0)) != len(payload):
            raise ValueError("bytes does not agree with the payload")
        self.write_line(serialize(pairs, comma, colon, quote).encode("utf-8"), payload)

    def write_line(self, line, payload=b""):
        """A line as it is."""
        if len(line) > LINE_LIMIT or len(payload) > PAYLOAD_LIMIT or b"\n" in line:
            raise ValueError("a line or payload that the format does not allow")
        self._target.write(line + b"\n")
        if payload:
            self._target.write(payload)
            self._target.write(b"\n")


# The command

class _Parser(argparse.ArgumentParser):
    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(64, f"{self.prog}: {message}\n")


def _arguments(arguments):
    parser = _Parser(prog="fm_stream.py", description="Check, show or copy fm streams.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    for name, text in (("check", "validate and sum up"), ("dump", "one JSON line a record"),
                       ("copy", "write the stream again")):
        command = commands.add_parser(name, help=text)
        command.add_argument("file", nargs="?", default="-")
    return parser.parse_args(arguments)


def _dump_line(record):
    pairs = Object(record.object)
    if record.payload:
        digest = hashlib.sha256(record.payload).hexdigest()
        pairs.append(("payload", Object([("bytes", len(record.payload)), ("sha256", digest)])))
    return serialize(pairs).encode("ascii") + b"\n"


def _read(options, output):
    source = sys.stdin.buffer if options.file == "-" else open(options.file, "rb")
    reader = Reader(source)
    status, message = 0, None
    try:
        for record in reader:
            if options.command == "dump":
                output.write(_dump_line(record))
            elif options.command == "copy":
                Writer(output).write_line(record.line, record.payload)
    except StreamError as error:
        status = error.status
        message = f"record {reader.number + 1}, byte {reader.offset}: {error}"
    else:
        ended = reader.summary()["end"]
        if ended != "ok":
            status, message = 1, f"the stream ends with status {ended}"
    if options.command == "check":
        output.write(json.dumps(reader.summary()).encode("ascii") + b"\n")
    if message:
        name = "standard input" if options.file == "-" else options.file
        print(f"fm_stream.py: {name}: {message}", file=sys.stderr)
    return status


def main(arguments=None):
    options = _arguments(arguments)
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    output = sys.stdout.buffer
    if options.command == "copy" and sys.stdout.isatty():
        print("fm_stream.py: binary data is not written to a terminal", file=sys.stderr)
        return 64
    try:
        status = _read(options, output)
        output.flush()
        return status
    except OSError as error:
        print(f"fm_stream.py: {error}", file=sys.stderr)
        return 74


if __name__ == "__main__":
    sys.exit(main())
