"""Latency of side channels: from a frame at its source to its findings at another program, as fm(7) says it is done.

usage: side_channels.py FOLDER_OF_TOOLS VIDEO [SECONDS]

Frames of VIDEO are written at 25 a second, 640x360, into fm-decode | fm-detect | fm-classify --no-pixels | CHANNEL: an MQTT
broker, a Unix socket, Server-Sent Events. Said are the median and the 95th percentile of the time until the findings of a
frame that has faces are there, the frames of the first second left out.
"""
import json
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from latency import RATE, SECONDS, TOOLS, pictures

WIDTH, HEIGHT = 640, 360
EVENTS = pathlib.Path(__file__).resolve().parents[3] / "Sources" / "Share" / "python" / "fm_events.py"


def free_port():
    with socket.socket() as found:
        found.bind(("localhost", 0))
        return found.getsockname()[1]


def patiently(connect):
    for _ in range(500):
        try:
            return connect()
        except OSError:
            time.sleep(0.02)
    sys.exit("nobody answers")


def broker(folder):
    """The commands after fm-classify, and what gives the lines at the other end."""
    port = str(free_port())
    server = subprocess.Popen(["mosquitto", "-v", "-p", port], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    patiently(lambda: socket.create_connection(("localhost", int(port))).close())
    reader = subprocess.Popen(["mosquitto_sub", "-p", port, "-t", "faces"], stdout=subprocess.PIPE)
    while b"SUBACK" not in server.stderr.readline():
        pass
    threading.Thread(target=server.stderr.read, daemon=True).start()

    def stop():
        for process in (reader, server):
            process.terminate()
            process.wait()
    commands = [["jq", "--unbuffered", "-c", "select(.faces | length > 0) | {time, faces}"],
                ["mosquitto_pub", "-p", port, "-t", "faces", "-l"]]
    return commands, lambda: reader.stdout, stop


def unix_socket(folder):
    path = f"{folder}/faces.sock"

    def connect():
        client = socket.socket(socket.AF_UNIX)
        client.connect(path)
        return client.makefile("rb")
    return [["socat", "-u", "-", f"UNIX-LISTEN:{path},unlink-early"]], lambda: patiently(connect), lambda: None


def server_sent_events(folder):
    port = free_port()
    return ([[sys.executable, str(EVENTS), str(port)]],
            lambda: patiently(lambda: urllib.request.urlopen(f"http://localhost:{port}/")), lambda: None)


def measure(channel, folder):
    """Milliseconds from a frame's source to its findings, of each frame whose faces arrived."""
    commands, connect, stop = channel(folder)
    processes, previous = [], subprocess.PIPE
    for command in [[f"{TOOLS}/fm-decode", "-"], [f"{TOOLS}/fm-detect"], [f"{TOOLS}/fm-classify", "--no-pixels"]] + commands:
        last = len(processes) == 2 + len(commands)
        process = subprocess.Popen(command, stdin=previous, stdout=None if last else subprocess.PIPE)
        if processes:
            previous.close()
        previous = process.stdout
        processes.append(process)
    written, arrived, lines = {}, {}, connect()

    def read():
        for line in lines:
            now = time.monotonic()
            if line.startswith(b"data: "):
                line = line[6:]
            if line.startswith(b"{"):
                record = json.loads(line)
                if record.get("faces"):
                    arrived.setdefault(round(record["time"] * RATE), now)

    reader = threading.Thread(target=read)
    reader.start()
    source, pipe = pictures(WIDTH, HEIGHT), processes[0].stdin
    pipe.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420\n".encode())
    start = time.monotonic()
    for number in range(int(SECONDS * RATE)):
        time.sleep(max(0, start + number / RATE - time.monotonic()))
        # A source does not wait: what cannot be taken in time is late from when it was due.
        written[number] = start + number / RATE
        pipe.write(b"FRAME\n" + source[number % len(source)])
        pipe.flush()
    pipe.close()
    statuses = [process.wait() for process in processes]
    time.sleep(0.2)
    stop()
    reader.join()
    if any(statuses):
        sys.exit(f"exit statuses {statuses}")
    return [(arrived[number] - written[number]) * 1000 for number in written if number >= RATE and number in arrived]


def main():
    for channel, programs in ((broker, ("mosquitto", "mosquitto_pub", "mosquitto_sub", "jq")), (unix_socket, ("socat",)),
                              (server_sent_events, ())):
        missing = [name for name in programs if not shutil.which(name)]
        if missing:
            print(f"{channel.__name__}: {', '.join(missing)} not installed", flush=True)
            continue
        with tempfile.TemporaryDirectory() as folder:
            spans = sorted(measure(channel, folder))
        if not spans:
            sys.exit(f"{channel.__name__}: no findings arrived after the first second")
        print(f"{channel.__name__:18}: median {statistics.median(spans):6.1f} ms, 95th percentile "
              f"{spans[int(len(spans) * 0.95)]:6.1f} ms, {len(spans)} frames with faces", flush=True)


if __name__ == "__main__":
    main()
