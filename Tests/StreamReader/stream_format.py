"""What the format fixes: its limits, pixel formats and statuses, and how a stream can fail."""

LINE_LIMIT = 1 << 20  # bytes of a line without its newline
PAYLOAD_LIMIT = 256 << 20
STATUSES = ("ok", "error", "interrupted")


def _half(n):
    """Chroma samples that cover n luma samples: an odd last one counts."""
    return (n + 1) // 2


FORMATS = {
    "gray": lambda w, h: w * h,
    "yuv420p": lambda w, h: w * h + 2 * _half(w) * _half(h),
    "yuv422p": lambda w, h: w * h + 2 * _half(w) * h,
    "yuv444p": lambda w, h: 3 * w * h,
    "nv12": lambda w, h: w * h + 2 * _half(w) * _half(h),
    "rgb24": lambda w, h: 3 * w * h,
    "yuv420p10le": lambda w, h: 2 * (w * h + 2 * _half(w) * _half(h)),
}


class StreamError(Exception):
    status = 1


class Malformed(StreamError):
    """The bytes are no fm stream, or not a valid one."""

    status = 65


class CutShort(StreamError):
    """The stream stops before its end record."""

    status = 74
