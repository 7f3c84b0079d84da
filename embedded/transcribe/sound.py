"""Recordings as the recogniser wants them. PyAV's FFmpeg is GPL in effect: only `hearing` may import this file."""

import io
from typing import Any

import av

RATE = 16_000
LONGEST_SECONDS = 300
"""Far above what the product sends; Amazon takes four hours."""
_BYTES_A_SAMPLE = 2
_OPTIONS = {"probesize": "1000000", "analyzeduration": "2000000"}
_DEMUXERS = {"webm": "matroska", "m4a": "mp4"}


class Unheard(Exception):
    """The recording cannot be heard; the message is Amazon's reason."""


def samples_of(content: bytes, media_format: str) -> bytes:
    """Return a recording as signed 16-bit samples of one channel, 16,000 a second.

    Raises:
        Unheard: it is damaged, of another format, or too long.
    """
    demuxer = _DEMUXERS.get(media_format, media_format)
    try:
        with av.open(io.BytesIO(content), mode="r", format=demuxer, metadata_errors="ignore", options=_OPTIONS) as file:
            samples = _read(file)
    except (av.error.FFmpegError, ValueError, IndexError, OverflowError) as problem:
        raise Unheard("The media format provided does not match the detected media format.") from problem
    if not samples:
        raise Unheard("Unsupported media format.")
    return samples


def _read(file: Any) -> bytes:
    samples = bytearray()
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    try:
        for frame in file.decode(file.streams.audio[0]):
            for part in resampler.resample(frame):
                samples += bytes(part.planes[0])[: part.samples * _BYTES_A_SAMPLE]
            if len(samples) > LONGEST_SECONDS * RATE * _BYTES_A_SAMPLE:
                raise Unheard(f"Invalid file size: file size too large. Here it is {LONGEST_SECONDS} seconds.")
    except av.error.FFmpegError:
        if not samples:
            raise
    return bytes(samples)
