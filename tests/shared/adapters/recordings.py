"""Recordings of every kind, made by the encoders themselves."""

import io
import math
from array import array
from typing import Any

import av

KINDS = {
    "webm": ("webm", "libopus", 48_000),
    "ogg": ("ogg", "libopus", 48_000),
    "mp3": ("mp3", "libmp3lame", 44_100),
    "mp4": ("mp4", "aac", 44_100),
    "m4a": ("ipod", "aac", 48_000),
    "flac": ("flac", "flac", 16_000),
    "wav": ("wav", "pcm_s16le", 16_000),
}
"""What PyAV calls the container and the codec, and the samples a second."""
_FRAME = 1024


def recording(kind: str, seconds: float, *, layout: str = "mono", streams: int = 1) -> bytes:
    """Return a tone that goes up and down twice a second."""
    form, codec, rate = KINDS[kind]
    return encoded(form, codec, rate, tone(seconds, rate), layout=layout, streams=streams)


def tone(seconds: float, rate: int) -> bytes:
    """Return samples of 16 bits."""
    angles = (2 * math.pi * number / rate for number in range(rate))
    second = array("h", (int(8000 * math.sin(330 * a) * abs(math.sin(a))) for a in angles)).tobytes()
    return (second * math.ceil(seconds))[: 2 * round(seconds * rate)]


def encoded(form: str, codec: str, rate: int, samples: bytes, *, layout: str = "mono", streams: int = 1) -> bytes:
    """Return samples of one channel as a file."""
    sink = io.BytesIO()
    with av.open(sink, mode="w", format=form) as file:
        out = [_stream(file, codec, rate, layout) for _ in range(streams)]
        for start in range(0, len(samples), 2 * _FRAME):
            for stream in out:
                file.mux(stream.encode(_frame(samples[start : start + 2 * _FRAME], rate, start // 2)))
        for stream in out:
            file.mux(stream.encode(None))
    return sink.getvalue()


def _stream(file: Any, codec: str, rate: int, layout: str) -> Any:
    stream = file.add_stream(codec, rate=rate)
    stream.codec_context.layout = layout
    return stream


def _frame(part: bytes, rate: int, at: int) -> Any:
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(part) // 2)
    frame.planes[0].update(part.ljust(frame.planes[0].buffer_size, b"\0"))
    frame.sample_rate, frame.pts = rate, at
    return frame


def video_only() -> bytes:
    """Return a film without sound."""
    sink = io.BytesIO()
    with av.open(sink, mode="w", format="mp4") as file:
        stream: Any = file.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(5):
            file.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        file.mux(stream.encode(None))
    return sink.getvalue()
