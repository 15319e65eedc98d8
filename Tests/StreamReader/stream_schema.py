"""The shipped JSON Schema of the stream's records, for tests. Needs python3-jsonschema."""

import functools
import json
import pathlib

PATH = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "Share" / "fm-stream.schema.json"
MISSING = "python3-jsonschema 4.0 or later is not installed"


@functools.lru_cache(maxsize=1)
def _validator():
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        return None
    return Draft202012Validator(json.loads(PATH.read_text()))


def is_available():
    return _validator() is not None


def problems(line):
    """What the schema has against a record: its line as bytes or text, or the record as Python's json reads it."""
    record = json.loads(line) if isinstance(line, (bytes, str)) else line
    found = _validator().iter_errors(record)
    return [f"{'/'.join(map(str, error.absolute_path)) or 'record'}: {error.message[:200]}" for error in found]
