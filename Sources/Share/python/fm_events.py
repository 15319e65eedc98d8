#!/usr/bin/env python3
"""Findings of a live pipe in a browser, as Server-Sent Events:

    fm-decode --realtime 0 | fm-detect | fm-classify --no-pixels | fm_events.py 8080

A page reads them with `new EventSource("http://localhost:8080/").onmessage = e => show(JSON.parse(e.data))`. Each frame
record is one event. A reader that is too slow misses events; without a reader they are dropped. It listens on this
machine only; a second argument is another address to listen on.
"""
import http.server
import json
import queue
import sys
import threading

readers = set()
lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        events = queue.Queue(maxsize=100)
        with lock:
            readers.add(events)
        try:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            while (line := events.get()) is not None:
                self.wfile.write(b"data: " + line + b"\n\n")
                self.wfile.flush()
        except OSError:
            pass  # The reader has gone.
        finally:
            with lock:
                readers.discard(events)

    def log_message(self, *_):
        pass


def tell(line):
    with lock:
        for events in readers:
            try:
                events.put_nowait(line)
            except queue.Full:
                if line is None:
                    events.get_nowait()
                    events.put_nowait(line)


def main():
    address = (sys.argv[2] if len(sys.argv) > 2 else "localhost", int(sys.argv[1]))
    server = http.server.ThreadingHTTPServer(address, Handler)
    server.daemon_threads = False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for line in sys.stdin.buffer:
        if json.loads(line).get("type") == "frame":
            tell(line.rstrip(b"\n"))
    tell(None)
    server.shutdown()


if __name__ == "__main__":
    main()
