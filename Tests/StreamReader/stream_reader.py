"""Reading a stream, record by record."""

import hashlib

from stream_checks import Validator, payload_length
from stream_format import LINE_LIMIT, CutShort, Malformed, StreamError
from stream_json import parse_line, serialize


class Record:
    """One record: its line as written (no newline), the object it says, and its payload."""

    __slots__ = ("line", "object", "payload", "offset")

    def __init__(self, line, object, payload=b"", offset=0):
        self.line, self.object, self.payload, self.offset = line, object, payload, offset


class Reader:
    """Iterates over the records of a binary file object; raises Malformed or CutShort.

    `source.read(n)` may return less than n bytes, but returns b"" only at the end.
    """

    _CHUNK = 1 << 16

    def __init__(self, source):
        self._source = source
        self._buffer = bytearray()
        self._ended = False
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

    def _fill(self):
        chunk = b"" if self._ended else self._source.read(self._CHUNK)
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
