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
        self.lines = self.data.splitlines()
        self.frames = [line for line in self.lines if json.loads(line)["type"] == "frame"]
        self.assertEqual(len(self.frames), 4)

    def step_by_step(self, pipe, read, lines, expected, same=bytes):
        """Writes each line when what the one before it gives has arrived: nobody on the way waits for more."""
        for line in lines:
            pipe.write(line + b"\n")
            pipe.flush()
            if (wanted := expected(line)) is not None:
                self.assertEqual(same(read()), same(wanted))

    def test_events_reach_a_browser(self):
        port = free_port()
        with subprocess.Popen(
                [sys.executable, SHARE / "python" / "fm_events.py", str(port)], stdin=subprocess.PIPE) as program:
            answer = wait_for(lambda: urllib.request.urlopen(f"http://localhost:{port}/", timeout=10))
            self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
            self.step_by_step(program.stdin, lambda: answer.readline() + answer.readline(), self.lines,
                              lambda line: b"data: " + line + b"\n\n" if line in self.frames else None)
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
                    client.settimeout(10)
                    client.connect(path)
                    return client
                with wait_for(connect) as client, client.makefile("rb") as lines:
                    self.step_by_step(program.stdin, lines.readline, self.lines, lambda line: line + b"\n")
                    program.stdin.close()
                    self.assertEqual(lines.read(), b"")

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
            # Two processes, as the shell starts them.
            selection = subprocess.Popen(
                ["jq", "--unbuffered", "-c", "select(.faces | length > 0) | {time, faces}"], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE)
            publisher = subprocess.Popen(["mosquitto_pub", "-p", port, "-t", "faces", "-l"], stdin=selection.stdout)
            selection.stdout.close()

            def message(line):
                record = json.loads(line)
                if not record.get("faces"):
                    return None
                return json.dumps({"time": record["time"], "faces": record["faces"]}, separators=(",", ":")).encode() + b"\n"
            self.step_by_step(selection.stdin, reader.stdout.readline, self.lines, message, same=json.loads)
            selection.stdin.close()
            self.assertEqual((selection.wait(10), publisher.wait(10), reader.wait(10)), (0, 0, 0))
            reader.stdout.close()
        finally:
            broker.kill()
            broker.communicate()


if __name__ == "__main__":
    unittest.main()
