"""Making streams to try readers with."""

import json
import random

from fm_stream import FORMATS, Number, Object


class Generator:
    """Random valid streams. The same arguments give the same bytes."""

    EXPRESSIONS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
    TIME_BASES = ((1, 30000), (1, 90000), (1, 25), (1, 1000), (1001, 30000), (1, 12800))
    TEXTS = ("party.mp4", "caf\u00e9.mkv", "\u8868\u60c5 \U0001f600.png", "tab\tquote\"back\\slash/", "", "\u2028line",
             "-", "bell\u0007\u007f", "{\"fm\":1}")

    def __init__(self, seed, frames, size=None, pixel_format=None, packets=False, unknown=False, status="ok"):
        self.random = random.Random(seed)
        self.frames, self.size, self.pixel_format = frames, size, pixel_format
        self.packets, self.unknown, self.status = packets, unknown, status

    def write(self, writer):
        """One whole stream."""
        self.writer = writer
        r = self.random
        pixel_format = self.pixel_format or r.choice(sorted(FORMATS))
        width, height = self.size or (r.randint(1, 97), r.randint(1, 97))
        folder = self.size is None and r.random() < 0.25
        base = r.choice(self.TIME_BASES)
        with_faces = r.choice((False, True, True))
        header = {"fm": 1, "type": "stream", "source": r.choice(self.TEXTS),
                  "video": {"width": width, "height": height, "pixel_format": pixel_format, "time_base": list(base),
                            "frame_rate": [30000, 1001], "sample_aspect_ratio": r.choice(([1, 1], [16, 15])),
                            "color_range": r.choice(("tv", "pc")), "frames": self.frames,
                            "duration": Number(self._written(self.frames / 29.97))}}
        if self.packets:
            header["tracks"] = [{"id": 1, "kind": "audio", "codec": "aac", "time_base": [1, 48000],
                                 "sample_rate": 48000},
                                {"id": 2, "kind": "subtitle", "codec": "subrip", "language": "ell"}]
        header["history"] = [{"name": "fm_stream.py", "version": "1", "arguments": ["generate"]}]
        self._put(header, first=True)
        seq, pts = -1, r.choice((0, 0, -2002, 123456789))
        for _ in range(self.frames):
            self._between()
            seq += 1 if r.random() < 0.9 else r.randint(2, 5)
            pts += r.randint(1, 3000)
            if folder:
                width, height = r.randint(1, 97), r.randint(1, 97)
                pixel_format = self.pixel_format or r.choice(sorted(FORMATS))
            self._frame(seq, pts, base, width, height, pixel_format, with_faces)
        self._between()
        end = {"type": "end", "frames": self.frames, "status": self.status}
        if self.status != "ok":
            end["message"] = r.choice(self.TEXTS)
        self._put(end)

    def _frame(self, seq, pts, base, width, height, pixel_format, with_faces):
        r = self.random
        time = pts * base[0] / base[1]
        record = {"type": "frame", "seq": seq, "pts": pts, "time": Number(self._written(time)),
                  "width": width, "height": height, "pixel_format": pixel_format}
        if r.random() < 0.2:
            record["duration"] = r.randint(0, 3000)
        if r.random() < 0.2:
            record["source"] = r.choice(self.TEXTS)
        payload = self._payload(FORMATS[pixel_format](width, height)) if r.random() < 0.95 else b""
        if payload:
            record["bytes"] = len(payload)
        elif r.random() < 0.5:
            record["bytes"] = 0
        if with_faces:
            record["faces"] = [self._face(width, height) for _ in range(r.choice((0, 0, 1, 1, 2, 3)))]
        self._put(record, payload)

    def _face(self, width, height):
        r = self.random
        x, y = r.randrange(width), r.randrange(height)
        face = {"box": [x, y, r.randint(1, width - x), r.randint(1, height - y)], "neighbors": r.randint(3, 60)}
        if r.random() < 0.3:
            face["score"] = Number(self._written(r.random()))
            face["points"] = [[Number(self._written(r.uniform(-9, width))), r.randrange(height)] for _ in range(5)]
            face["crop"] = [x - 1, y, r.randint(1, width), r.randint(1, height)]
        if r.random() < 0.6:
            weights = [r.random() ** 3 for _ in self.EXPRESSIONS]
            scores = [weight / (sum(weights) or 1) for weight in weights]
            best = max(range(len(scores)), key=scores.__getitem__)
            face["expression"] = self.EXPRESSIONS[best]
            face["confidence"] = Number(self._written(scores[best]))
            face["scores"] = {name: Number(self._written(s)) for name, s in zip(self.EXPRESSIONS, scores)}
        if self.unknown and r.random() < 0.5:
            face["x-mood"] = self._value(2)
        return face

    def _between(self):
        """Packets and records of unknown types before a frame."""
        r = self.random
        if self.packets:
            for _ in range(r.randint(0, 2)):
                pts = r.randint(-1024, 1 << 40)
                self._put({"type": "packet", "track": r.choice((1, 2)), "pts": pts, "dts": pts - r.randint(0, 3)},
                          self._payload(r.randint(1, 400)))
        if self.unknown and r.random() < 0.4:
            self._put({"type": r.choice(("x-note", "x-\u00fc", "chapter")), "value": self._value(3)},
                      self._payload(r.randint(1, 300)) if r.random() < 0.5 else b"")

    def _payload(self, length):
        """Noise; at times something that a careless reader would take for records."""
        r = self.random
        data = r.randbytes(length)
        trap = b'\n{"type":"end","frames":0,"status":"ok"}\n'
        if length > len(trap) and r.random() < 0.3:
            at = r.randint(0, length - len(trap))
            data = data[:at] + trap + data[at + len(trap):]
        return data

    def _put(self, record, payload=b"", first=False):
        r = self.random
        pairs = list(record.items())
        if payload and "bytes" not in record:
            pairs.append(("bytes", len(payload)))
        comma, colon, quote = ",", ":", lambda text: json.dumps(text, ensure_ascii=False)
        if self.unknown:
            for _ in range(r.randint(0, 3)):
                key = "x-" + r.choice(("a", "\u00e9", "\u65e5", "long key", "\"", "n")) + str(r.randint(0, 999))
                if key not in dict(pairs):
                    pairs.insert(r.randint(1, len(pairs)), (key, self._value(3)))
            if r.random() < 0.2:  # any order will do, but fm comes first
                rest = pairs[1:] if first else pairs
                r.shuffle(rest)
                pairs = pairs[:1] + rest if first else rest
            comma, colon = r.choice(((",", ":"), (",", ":"), (", ", ": "), (" ,\t", " : ")))
            quote = r.choice((quote, json.dumps, self._all_escaped))
        if first:  # it begins with {"fm": to the letter
            colon = ":" if colon == " : " else colon
            plain = quote
            quote = lambda text: '"fm"' if text == "fm" else plain(text)  # noqa: E731
        self.writer.write(Object(pairs), payload, comma, colon, quote)

    @staticmethod
    def _all_escaped(text):
        units = text.encode("utf-16-be")
        return '"' + "".join("\\u%02x%02X" % (units[i], units[i + 1]) for i in range(0, len(units), 2)) + '"'

    def _written(self, value):
        """A number's text, in one of the ways that JSON allows."""
        r = self.random
        ways = [repr(value), "%.9f" % value]
        if self.unknown:
            ways += ["%.12e" % value, "%.12E" % value, ("%.9f" % value) + "000", "%.17e" % value]
        return r.choice(ways)

    def _value(self, depth):
        r = self.random
        kind = r.randrange(8 if depth else 6)
        if kind == 0:
            return r.choice((None, True, False))
        if kind == 1:
            return r.choice(self.TEXTS)
        if kind == 2:
            return Number(r.choice(("1.50e+02", "-0", "-0.0", "1E5", "0.10", "1e-7", "123456789012345678901234567890",
                                    "18446744073709551616", "0e0", "3.141592653589793238462643", "1e400")))
        if kind == 3:
            return r.randint(-(1 << 53), 1 << 53)
        if kind == 4:
            return Number(self._written(r.uniform(-1e3, 1e3)))
        if kind == 5:
            return r.choice(([], {}))
        if kind == 6:
            return [self._value(depth - 1) for _ in range(r.randint(0, 4))]
        return {r.choice(self.TEXTS) + str(i): self._value(depth - 1) for i in range(r.randint(0, 4))}
