"""JSON that remembers how it was written."""

import json
import re

from stream_format import Malformed

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z")


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

    def __contains__(self, key):
        return any(k == key for k, _ in self)


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
