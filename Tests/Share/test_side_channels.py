"""Findings that go to other programs while the pipe runs: what fm(7) says of side channels."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from share_support import SHARE, stream  # noqa: E402

FRAMES = [(n, [{"box": [n, 0, 9, 9]}] if n != 2 else []) for n in range(4)]


def free_port():
    with socket.socket() as found:
        found.bind(("localhost", 0))
        return found.getsockname()[1]


def wait_for(connect):
    """What `connect` gives, once it does not fail."""
    for _ in range(500):
        try:
            return connect()
        except OSError:
            time.sleep(0.02)
    raise AssertionError("nobody answers")


class SideChannels(unittest.TestCase):
    def setUp(self):
        self.data = stream(FRAMES)
        self.frames = [line for line in self.data.splitlines() if json.loads(line)["type"] == "frame"]
        self.assertEqual(len(self.frames), 4)

    def test_events_reach_a_browser(self):
        port = free_port()
        with subprocess.Popen(
                [sys.executable, SHARE / "python" / "fm_events.py", str(port)], stdin=subprocess.PIPE) as program:
            answer = wait_for(lambda: urllib.request.urlopen(f"http://localhost:{port}/", timeout=10))
            self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
            program.stdin.write(self.data)
            program.stdin.flush()
            # They come while the pipe runs.
            events = [answer.readline() + answer.readline() for _ in self.frames]
            self.assertEqual(events, [b"data: " + frame + b"\n\n" for frame in self.frames])
            # A reader that goes away hurts nobody, and the program ends with its input.
            answer.close()
            program.stdin.write(self.data)
            program.stdin.close()
            self.assertEqual(program.wait(10), 0)

    @unittest.skipUnless(shutil.which("socat"), "socat is not installed")
    def test_a_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            path = str(pathlib.Path(folder) / "faces.sock")
            with subprocess.Popen(["socat", "-u", "-", f"UNIX-LISTEN:{path},unlink-early"], stdin=subprocess.PIPE) as program:
                def connect():
                    client = socket.socket(socket.AF_UNIX)
                    client.connect(path)
                    return client
                with wait_for(connect) as client:
                    program.stdin.write(self.data)
                    program.stdin.close()
                    received = b""
                    while piece := client.recv(1 << 16):
                        received += piece
                self.assertEqual(received, self.data)

    @unittest.skipUnless(
        all(map(shutil.which, ("mosquitto", "mosquitto_pub", "mosquitto_sub", "jq"))), "mosquitto or jq is not installed")
    def test_a_broker(self):
        port = str(free_port())
        broker = subprocess.Popen(
            ["mosquitto", "-v", "-p", port], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            wait_for(lambda: socket.create_connection(("localhost", int(port))).close())
            reader = subprocess.Popen(
                ["mosquitto_sub", "-p", port, "-t", "faces", "-C", "3", "-W", "10"], stdout=subprocess.PIPE)
            while b"SUBACK" not in broker.stderr.readline():
                pass
            selected = subprocess.run(
                ["jq", "--unbuffered", "-c", "select(.faces | length > 0) | {time, faces}"], input=self.data,
                capture_output=True, check=True).stdout
            subprocess.run(["mosquitto_pub", "-p", port, "-t", "faces", "-l"], input=selected, check=True)
            received = reader.communicate(timeout=20)[0].splitlines()
            self.assertEqual(received, selected.splitlines())
            self.assertEqual(len(received), 3)
        finally:
            broker.kill()
            broker.communicate()


if __name__ == "__main__":
    unittest.main()
