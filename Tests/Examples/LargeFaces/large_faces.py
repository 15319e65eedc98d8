#!/usr/bin/env python3
"""Keeps the faces that are at least WIDTH pixels wide: large_faces.py WIDTH <in.fm >out.fm"""

import sys

import fm_stream


def main(width=64):
    output = fm_stream.Writer(sys.stdout.buffer)
    status, frames = 0, 0
    try:
        for record in fm_stream.Reader(sys.stdin.buffer):
            if record.type == "stream":
                entry = {"name": "large-faces", "version": "1", "arguments": [str(width)]}
                record.set("history", record.get("history", []) + [entry])
                frames = 0
            elif record.type == "frame":
                frames += 1
                if "faces" in record.object:
                    faces = record.get("faces")
                    record.set("faces", [face for face in faces if int(face.get("box")[2]) >= width])
            elif record.type == "end" and record.get("status") != "ok":
                status = 1
            output.write(record.object, record.payload)
    except fm_stream.StreamError as error:
        message = f"large-faces: {error}"
        output.write({"type": "end", "frames": frames, "status": "error", "message": message})
        print(message, file=sys.stderr)
        status = error.status
    return status


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
