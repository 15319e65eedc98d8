#!/usr/bin/env python3
"""A second reader and writer of the fm stream, written from its description and from nothing else.

It exists so that the format stands on fm-stream(5) and not on one implementation: it reads what the
tools write and writes what they read. Standard library only, Python 3.9 or later.

    fm_stream.py check [FILE]       validate; a one-line JSON summary on stdout
    fm_stream.py dump [FILE]        one JSON line a record, payloads as their length and sha256
    fm_stream.py copy [FILE]        write the stream again, record for record, lines byte for byte
    fm_stream.py generate --seed N --frames N [--size WxH] [--format F] [--packets] [--unknown]
                          [--concat K] [--status S]    write a random valid stream

Exit status: 0 ok, 1 a whole stream whose end record tells of an error, 64 usage, 65 malformed,
74 cut short or input/output error.
"""

import argparse
import hashlib
import json
import re
import signal
import sys

sys.dont_write_bytecode = True
from stream_format import FORMATS, PAYLOAD_LIMIT, STATUSES, StreamError  # noqa: E402
from stream_generator import Generator  # noqa: E402
from stream_json import Object, serialize  # noqa: E402
from stream_reader import Reader  # noqa: E402
from stream_writer import Writer  # noqa: E402


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


def _arguments(arguments):
    parser = _Parser(prog="fm_stream.py", description="Check, show, copy or make fm streams.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    for name, text in (("check", "validate and sum up"), ("dump", "one JSON line a record"),
                       ("copy", "write the stream again")):
        command = commands.add_parser(name, help=text)
        command.add_argument("file", nargs="?", default="-")
    make = commands.add_parser("generate", help="write a random valid stream")
    make.add_argument("--seed", type=_count, required=True)
    make.add_argument("--frames", type=_count, required=True)
    make.add_argument("--size", type=_size)
    make.add_argument("--format", choices=sorted(FORMATS))
    make.add_argument("--packets", action="store_true")
    make.add_argument("--unknown", action="store_true")
    make.add_argument("--concat", type=_count, default=1)
    make.add_argument("--status", choices=STATUSES, default="ok")
    options = parser.parse_args(arguments)
    if options.command == "generate":
        if options.size and FORMATS[options.format or "rgb24"](*options.size) > PAYLOAD_LIMIT:
            parser.error("a frame of this size exceeds the payload limit")
        if options.concat < 1:
            parser.error("--concat must be at least 1")
    return options


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
    if options.command in ("copy", "generate") and sys.stdout.isatty():
        print("fm_stream.py: binary data is not written to a terminal", file=sys.stderr)
        return 64
    try:
        if options.command == "generate":
            generator = Generator(options.seed, options.frames, options.size, options.format, options.packets,
                                  options.unknown, options.status)
            for _ in range(options.concat):
                generator.write(Writer(output))
            status = 0
        else:
            status = _read(options, output)
        output.flush()
        return status
    except OSError as error:
        print(f"fm_stream.py: {error}", file=sys.stderr)
        return 74


if __name__ == "__main__":
    sys.exit(main())
