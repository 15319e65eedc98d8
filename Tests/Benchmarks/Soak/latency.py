"""Latency of the whole pipe, from a frame at its source to the picture that a viewer has decoded.

usage: latency.py FOLDER_OF_TOOLS VIDEO [SECONDS] [OPTIONS OF fm-detect...]

Frames of VIDEO, each with its number painted into it as black and white squares, are written at 25 a second into
fm-decode | fm-detect | fm-classify | fm-annotate | ffmpeg, which decodes H.264 from the pipe as a player does. The number
is read from the picture that comes out. Said are the median and the 95th percentile of the time between, the frames of the
first second left out, at 640x360 and 1280x720; and the share that an ffmpeg reading ffmpeg's own H.264 needs for itself.
"""
import os
import statistics
import subprocess
import sys
import threading
import time

TOOLS, VIDEO = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 12.0
DETECT = sys.argv[4:]
RATE, SQUARE, BITS = 25, 16, 12
FFMPEG = ["ffmpeg", "-nostdin", "-loglevel", "error"]


def pictures(width, height):
    """A second of the video as YUV pictures."""
    size = width * height * 3 // 2
    data = subprocess.run(
        FFMPEG + ["-i", VIDEO, "-vf", f"scale={width}:{height}", "-r", str(RATE), "-frames:v", str(RATE), "-f", "rawvideo",
                  "-pix_fmt", "yuv420p", "-"], check=True, capture_output=True).stdout
    return [data[at:at + size] for at in range(0, len(data), size)]


def numbered(picture, width, number):
    picture = bytearray(picture)
    for row in range(SQUARE):
        for bit in range(BITS):
            at = row * width + bit * SQUARE
            picture[at:at + SQUARE] = (b"\xeb" if number >> bit & 1 else b"\x10") * SQUARE
    return bytes(picture)


def number_of(luma, width):
    at = (SQUARE // 2) * width + SQUARE // 2
    return sum((luma[at + bit * SQUARE] > 128) << bit for bit in range(BITS))


def measure(width, height, commands):
    """Milliseconds from source to viewer, of each frame that arrived."""
    viewer = FFMPEG + ["-probesize", "65536", "-analyzeduration", "0", "-threads", "1", "-i", "-", "-f",
                       "rawvideo", "-pix_fmt", "gray", "-fps_mode", "passthrough", "-flush_packets", "1", "-"]
    processes, previous = [], subprocess.PIPE
    for command in commands + [viewer]:
        process = subprocess.Popen(command, stdin=previous, stdout=subprocess.PIPE)
        if processes:
            previous.close()
        previous = process.stdout
        processes.append(process)
    source, count = pictures(width, height), int(SECONDS * RATE)
    if count > 1 << BITS or not source:
        sys.exit(f"at most {(1 << BITS) // RATE} seconds, of a video that has pictures")
    written, arrived = {}, {}

    def view():
        size = width * height
        while data := processes[-1].stdout.read(size):
            if len(data) == size:
                arrived.setdefault(number_of(data, width), time.monotonic())

    reader = threading.Thread(target=view)
    reader.start()
    pipe = processes[0].stdin
    pipe.write(f"YUV4MPEG2 W{width} H{height} F{RATE}:1 Ip A1:1 C420\n".encode())
    start = time.monotonic()
    for number in range(count):
        data = b"FRAME\n" + numbered(source[number % len(source)], width, number)
        time.sleep(max(0, start + number / RATE - time.monotonic()))
        # A source does not wait: what cannot be taken in time is late from when it was due.
        written[number] = start + number / RATE
        pipe.write(data)
        pipe.flush()
    pipe.close()
    reader.join()
    statuses = [process.wait() for process in processes]
    if any(statuses):
        sys.exit(f"exit statuses {statuses}")
    return [(arrived[number] - written[number]) * 1000 for number in range(RATE, count) if number in arrived], count - RATE


def main():
    for width, height in [(640, 360), (1280, 720)]:
        pipe = [[f"{TOOLS}/fm-decode", "-"], [f"{TOOLS}/fm-detect"] + DETECT, [f"{TOOLS}/fm-classify"],
                [f"{TOOLS}/fm-annotate", "--format", "nut", "-o", "-"]]
        ffmpeg = [FFMPEG[:1] + ["-loglevel", "error", "-fflags", "nobuffer", "-probesize", "32", "-i", "-", "-c:v", "libx264",
                                "-preset", "veryfast", "-tune", "zerolatency", "-flush_packets", "1", "-f", "nut", "-"]]
        for name, commands in [("fm", pipe), ("ffmpeg alone", ffmpeg)]:
            spans, expected = measure(width, height, commands)
            if not spans:
                sys.exit(f"{name}: no frame arrived after the first second")
            spans.sort()
            print(
                f"latency {width}x{height}, {name:12}: median {statistics.median(spans):6.1f} ms, 95th percentile "
                f"{spans[int(len(spans) * 0.95)]:6.1f} ms, {len(spans)} of {expected} frames", flush=True)


if __name__ == "__main__":
    main()
