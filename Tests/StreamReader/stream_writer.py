"""Writing a stream."""

from stream_format import LINE_LIMIT, PAYLOAD_LIMIT
from stream_json import Object, serialize


class Writer:
    """Writes records to a binary file object; `bytes` is put in for a payload when it is missing."""

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
