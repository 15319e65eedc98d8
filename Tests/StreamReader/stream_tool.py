#!/usr/bin/env python3
"""The second reader of streams as the tests use it: the shipped fm_stream.py, and what only tests need.

    stream_tool.py check|dump|copy [FILE]    as fm_stream.py; check and dump also hold each record against the schema
    stream_tool.py generate --seed N --frames N [--size WxH] [--format F] [--packets] [--unknown]
                            [--concat K] [--status S]    write a random valid stream

Exit status: that of fm_stream.py; 70 for a record that the schema does not describe, where python3-jsonschema is
installed.
"""

import argparse
import io
import os
import pathlib
import re
import signal
import sys

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), str(ROOT / "Sources" / "Share" / "python")]
import fm_stream  # noqa: E402
import stream_schema  # noqa: E402
from stream_generator import Generator  # noqa: E402

STATUSES = ("ok", "error", "interrupted")


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(64, f"{self.prog}: {message}\n")


def _size(text):
    match = re.fullmatch(r"([1-9][0-9]{0,4})x([1-9][0-9]{0,4})", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is not WxH")
    return int(match[1]), int(match[2])


def _count(text):
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a count")
    return int(text)


def _generate(arguments):
    parser = _Parser(prog="stream_tool.py generate", description="Write a random valid stream.")
    parser.add_argument("--seed", type=_count, required=True)
    parser.add_argument("--frames", type=_count, required=True)
    parser.add_argument("--size", type=_size)
    parser.add_argument("--format", choices=sorted(fm_stream.FORMATS))
    parser.add_argument("--packets", action="store_true")
    parser.add_argument("--unknown", action="store_true")
    parser.add_argument("--concat", type=_count, default=1)
    parser.add_argument("--status", choices=STATUSES, default="ok")
    options = parser.parse_args(arguments)
    if options.size and fm_stream.FORMATS[options.format or "rgb24"](*options.size) > fm_stream.PAYLOAD_LIMIT:
        parser.error("a frame of this size exceeds the payload limit")
    if options.concat < 1:
        parser.error("--concat must be at least 1")
    if sys.stdout.isatty():
        print("stream_tool.py: binary data is not written to a terminal", file=sys.stderr)
        return 64
    generator = Generator(options.seed, options.frames, options.size, options.format, options.packets,
                          options.unknown, options.status)
    for _ in range(options.concat):
        generator.write(fm_stream.Writer(sys.stdout.buffer))
    sys.stdout.buffer.flush()
    return 0


def _check_schema(arguments):
    """Prints what the schema has against the stream of a command line; its bytes, if they came from standard input."""
    name = arguments[1] if len(arguments) > 1 else "-"
    try:
        data = sys.stdin.buffer.read() if name == "-" else pathlib.Path(name).read_bytes()
    except OSError:
        return 0, None  # fm_stream.py says so
    problems = []
    try:
        for record in fm_stream.Reader(io.BytesIO(data)):
            problems += stream_schema.problems(record.line)
    except fm_stream.StreamError:
        pass
    for problem in problems[:10]:
        print(f"stream_tool.py: schema: {problem}", file=sys.stderr)
    return (70 if problems else 0), data


def main(arguments):
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if arguments[:1] == ["generate"]:
        return _generate(arguments[1:])
    if arguments[:1] in (["check"], ["dump"]) and stream_schema.is_available():
        status, data = _check_schema(arguments)
        if status:
            return status
        if data is not None and arguments[1:] in ([], ["-"]):
            sys.stdin = io.TextIOWrapper(io.BytesIO(data))
    return fm_stream.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
