"""What must hold of a record, and between the records of a stream."""

import math
from fractions import Fraction

from stream_format import FORMATS, PAYLOAD_LIMIT, STATUSES, CutShort, Malformed
from stream_json import Number, Object


def _number(value, what, low=None, high=None):
    if not isinstance(value, Number):
        raise Malformed(f"{what} must be a number")
    result = float(value)
    if not math.isfinite(result):
        raise Malformed(f"{what} is out of range: {value}")
    if (low is not None and result < low) or (high is not None and result > high):
        raise Malformed(f"{what} must lie in [{low}, {high}]: {value}")
    return result


def _integer(value, what, low=None):
    if not isinstance(value, Number) or not value.is_integer:
        raise Malformed(f"{what} must be an integer")
    if len(value) > 20 or not -(1 << 63) <= int(value) < 1 << 63:
        raise Malformed(f"{what} is out of range: {value[:24]}")
    if low is not None and int(value) < low:
        raise Malformed(f"{what} must be at least {low}: {value}")
    return int(value)


def _string(value, what):
    if not isinstance(value, str) or isinstance(value, Number):
        raise Malformed(f"{what} must be a string")
    return value


def _object(value, what):
    if not isinstance(value, Object):
        raise Malformed(f"{what} must be an object")
    return value


def _array(value, what):
    if not isinstance(value, list) or isinstance(value, Object):
        raise Malformed(f"{what} must be an array")
    return value


def _ratio(value, what, low):
    pair = _array(value, what)
    if len(pair) != 2:
        raise Malformed(f"{what} must be [numerator, denominator]")
    return Fraction(_integer(pair[0], what, low), _integer(pair[1], what, 1))


def payload_length(record):
    """How many raw bytes follow this record's line; checked before anything is read."""
    if "bytes" not in record:
        return 0
    length = _integer(record.get("bytes"), "bytes", 0)
    if length > PAYLOAD_LIMIT:
        raise Malformed(f"payload of {length} bytes: the limit is {PAYLOAD_LIMIT}")
    return length


class Validator:
    """What must hold between records: order, counts, and what the stream record declared."""

    def __init__(self):
        self.inside = False
        self.streams = self.frames = self.packets = self.faces = self.others = 0
        self.statuses = []

    def accept(self, record):
        is_header = bool(record) and record[0][0] == "fm"
        if is_header and self.inside:
            raise CutShort("a new stream begins before the end record of the one before")
        if not is_header and not self.inside:
            raise Malformed("a stream must begin with a record whose first key is \"fm\"")
        if is_header:
            self._header(record)
            return
        kind = _string(record.get("type"), "type")
        if kind == "stream":
            raise Malformed("a stream record's first key must be \"fm\"")
        known = {"frame": self._frame, "packet": self._packet, "end": self._end}
        known.get(kind, self._other)(record)

    def _header(self, record):
        version = record[0][1]
        if not isinstance(version, Number) or not version.is_integer:
            raise Malformed("fm must be an integer, the major version")
        if version != "1":
            raise Malformed(f"major version {version[:24]}: only 1 is known")
        if _string(record.get("type"), "type") != "stream":
            raise Malformed("the first record's type must be \"stream\"")
        self.time_base = None
        self.tracks = set()
        self.last_seq = -1
        self.stream_frames = 0
        if "source" in record:
            _string(record.get("source"), "source")
        if not isinstance(record.get("live"), (bool, type(None))):
            raise Malformed("live must be true or false")
        if record.get("video") is not None:
            self._video(_object(record.get("video"), "video"))
        for track in _array(record.get("tracks", []), "tracks"):
            track = _object(track, "track")
            identifier = _integer(track.get("id"), "track id")
            if identifier in self.tracks:
                raise Malformed(f"two tracks have id {identifier}")
            self.tracks.add(identifier)
            for key in ("kind", "codec"):
                if key in track:
                    _string(track.get(key), f"track {key}")
        for entry in _array(record.get("history", []), "history"):
            _object(entry, "history entry")
        self.inside = True
        self.streams += 1

    def _video(self, video):
        for key in ("width", "height"):
            if key in video:
                _integer(video.get(key), f"video {key}", 1)
        if "pixel_format" in video and _string(video.get("pixel_format"), "pixel_format") not in FORMATS:
            raise Malformed(f"pixel format {video.get('pixel_format')!r} is no wire format")
        if video.get("time_base") is not None:
            self.time_base = _ratio(video.get("time_base"), "time_base", 1)
        for key in ("frame_rate", "sample_aspect_ratio"):
            if video.get(key) is not None:
                _ratio(video.get(key), key, 0)
        if video.get("color_range") is not None:
            _string(video.get("color_range"), "color_range")
        if video.get("frames") is not None:
            _integer(video.get("frames"), "video frames", 0)
        if video.get("duration") is not None:
            _number(video.get("duration"), "video duration")

    def _frame(self, record):
        seq = _integer(record.get("seq"), "seq", 0)
        if seq <= self.last_seq:
            raise Malformed(f"seq {seq} after {self.last_seq}: seq must increase")
        pts = _integer(record.get("pts"), "pts")
        time = _number(record.get("time"), "time")
        if self.time_base is not None:
            expected = float(pts * self.time_base)
            if abs(time - expected) > 0.001 + 1e-9 * abs(expected):
                raise Malformed(f"time {time} is not pts {pts} in seconds, {expected:.6f}")
        width = _integer(record.get("width"), "width", 1)
        height = _integer(record.get("height"), "height", 1)
        pixel_format = _string(record.get("pixel_format"), "pixel_format")
        if pixel_format not in FORMATS:
            raise Malformed(f"pixel format {pixel_format!r} is no wire format")
        length = payload_length(record)
        expected = FORMATS[pixel_format](width, height)
        if length and length != expected:
            raise Malformed(f"{length} bytes for {width}x{height} {pixel_format}, which has {expected}")
        if "faces" in record:
            faces = _array(record.get("faces"), "faces")
            for face in faces:
                self._face(_object(face, "face"))
            self.faces += len(faces)
        self.last_seq = seq
        self.stream_frames += 1
        self.frames += 1

    @staticmethod
    def _face(face):
        box = _array(face.get("box"), "box")
        if len(box) != 4:
            raise Malformed("box must be [x, y, width, height]")
        for index, value in enumerate(box):
            _integer(value, "box", 1 if index > 1 else None)
        if "neighbors" in face:
            _integer(face.get("neighbors"), "neighbors", 0)
        if "expression" in face:
            if face.get("expression") is not None:  # null: no answer that could be trusted
                _string(face.get("expression"), "expression")
        if "confidence" in face:
            if face.get("confidence") is not None:
                _number(face.get("confidence"), "confidence", 0, 1)
        if "scores" in face:
            for name, score in _object(face.get("scores"), "scores"):
                if score is not None:
                    _number(score, f"score of {name!r}", 0, 1)

    def _packet(self, record):
        track = _integer(record.get("track"), "track")
        if track not in self.tracks:
            raise Malformed(f"packet of track {track}, which the stream record does not list")
        for key in ("pts", "dts", "duration"):
            if record.get(key) is not None:
                _integer(record.get(key), key)
        self.packets += 1

    def _other(self, record):
        self.others += 1

    def _end(self, record):
        frames = _integer(record.get("frames"), "frames", 0)
        if frames != self.stream_frames:
            raise Malformed(f"the end record counts {frames} frames, the stream has {self.stream_frames}")
        status = _string(record.get("status"), "status")
        if status not in STATUSES:
            raise Malformed(f"status {status!r} is none of {', '.join(STATUSES)}")
        if "message" in record:
            _string(record.get("message"), "message")
        self.statuses.append(status)
        self.inside = False
