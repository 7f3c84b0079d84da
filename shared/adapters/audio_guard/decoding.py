"""The process that decodes one recording: its demuxer as the argument, its bytes on standard input.

It says `ready`, then one line of JSON: `{"seconds"}` or `{"refused": "unreadable" | "too_long"}`; with the further
argument `samples` the sound follows, signed 16-bit samples of one channel at 16 kHz. It runs by its path,
without the product, its environment or its credentials: what FFmpeg does with a hostile file ends with it.
"""

import io
import json
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any

import av
import av.audio.codeccontext
import av.audio.stream
import av.subtitles.codeccontext
import av.subtitles.stream
import av.video.codeccontext
import av.video.stream

# PyAV imports its kinds of streams when it meets them, which is too late here: no file may be opened then.

SAMPLES = "samples"
SOUND_RATE = 16_000
MEMORY_BYTES = 1024**3
CPU_SECONDS = 10
LONGEST_SECONDS = 60.5
"""A minute, and what codecs put before and after it: an MP3 of a minute decodes to 60.05 s."""
MOST_BAD_PACKETS = 20
MOST_SAMPLES_A_FRAME = 1 << 17
"""The longest frame of any of these codecs is FLAC's, of 65,535 samples."""
_CODECS = frozenset({"aac", "flac", "mp3", "mp3float", "opus", "libopus", "vorbis"})
_RATES = range(8_000, 96_001)
_CHANNELS = (1, 2)
_OPTIONS = {"probesize": "1000000", "analyzeduration": "2000000"}


class Refused(Exception):
    """The recording is not taken; the message is the answer."""


def main(demuxer: str, *wanted: str) -> None:
    """Answer for the recording on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the worker's, which ends its jobs first
    av.logging.set_level(av.logging.PANIC)
    sound = Sound(is_kept=SAMPLES in wanted)
    _confine()
    print("ready", flush=True)  # noqa: T201  # standard output is where its parent reads
    try:
        answer: dict[str, Any] = {"seconds": round(_seconds(sys.stdin.buffer.read(), demuxer, sound), 3)}
    except Refused as refusal:
        answer, sound = {"refused": str(refusal)}, Sound(is_kept=False)
    print(json.dumps(answer), flush=True)  # noqa: T201
    sys.stdout.buffer.write(sound.whole())
    sys.stdout.buffer.flush()


def _confine() -> None:
    """Bound memory and processor time, leave no core, and open no file any more: a playlist finds nothing."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


class Sound:
    """The samples of a recording, where they are wanted; what makes them is made before no file may be opened."""

    def __init__(self, *, is_kept: bool) -> None:
        """Begin empty."""
        self._samples = bytearray()
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=SOUND_RATE) if is_kept else None
        if self._resampler is not None:
            _warm()

    def add(self, frame: Any) -> None:
        """Take a frame."""
        if self._resampler is not None:
            self._take(self._resampler.resample(frame))

    def whole(self) -> bytes:
        """Return all of it."""
        if self._resampler is not None and self._samples:
            self._take(self._resampler.resample(None))
        return bytes(self._samples)

    def _take(self, parts: list[Any]) -> None:
        for part in parts:
            self._samples += bytes(part.planes[0])[: part.samples * 2]


def _warm() -> None:
    """Have PyAV import what it imports when it first resamples."""
    silence = av.AudioFrame(format="s16", layout="mono", samples=1024)
    silence.sample_rate = 48_000
    av.AudioResampler(format="s16", layout="mono", rate=SOUND_RATE).resample(silence)


def _seconds(content: bytes, demuxer: str, sound: Sound) -> float:
    """Return how long the sound is, by its decoded samples: headers lie, and a browser's webm has no duration.

    Raises:
        Refused: it is not one stream of sound of a known codec, or damaged, or too long.
    """
    try:
        with av.open(io.BytesIO(content), mode="r", format=demuxer, metadata_errors="ignore", options=_OPTIONS) as file:
            return _counted(file, sound)
    except (av.error.FFmpegError, ValueError, OverflowError, MemoryError) as problem:
        raise Refused("unreadable") from problem


def _counted(file: Any, sound: Sound) -> float:
    seconds = 0.0
    for frame in _frames(file, _stream(file)):
        if frame.sample_rate not in _RATES or not 0 < frame.samples <= MOST_SAMPLES_A_FRAME:
            raise Refused("unreadable")
        seconds += frame.samples / frame.sample_rate
        if seconds > LONGEST_SECONDS:
            raise Refused("too_long")
        sound.add(frame)
    if not seconds:
        raise Refused("unreadable")
    return seconds


def _stream(file: Any) -> Any:
    """Return the one stream of sound; nothing of it was decoded yet."""
    if len(file.streams.audio) != 1:
        raise Refused("unreadable")
    stream = file.streams.audio[0]
    codec = stream.codec_context
    is_known = codec.name in _CODECS or codec.name.startswith("pcm_")
    if not is_known or codec.sample_rate not in _RATES or codec.channels not in _CHANNELS:
        raise Refused("unreadable")
    codec.thread_count = 1
    return stream


def _frames(file: Any, stream: Any) -> Iterator[Any]:
    """Give what can be decoded; a recording that breaks off is as long as it goes."""
    bad = 0
    packets = file.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            yield from packet.decode()
        except av.error.FFmpegError as problem:
            bad += 1
            if bad > MOST_BAD_PACKETS:
                raise Refused("unreadable") from problem


if __name__ == "__main__":
    main(*sys.argv[1:])
