"""The process that decodes one recording: its demuxer as the argument, its bytes on standard input.

It says `ready`, then one line of JSON: `{"seconds"}` or `{"refused": "unreadable" | "too_long"}`; with the further
argument `samples` the sound follows, signed 16-bit samples of one channel at 16 kHz. With `live` it decodes what comes
as it comes: after `ready` follow blocks of such samples, each behind its size in four bytes, one of size 0, and then
the line. It runs by its path, without the product, its environment or its credentials: what FFmpeg does with a hostile
file ends with it.
"""

import io
import json
import os
import resource
import signal
import struct
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

SAMPLES, LIVE = "samples", "live"
BLOCK_BYTES = 3_200
"""A tenth of a second: Amazon asks for 50 to 200 ms a frame."""
SOUND_RATE = 16_000
MEMORY_BYTES = 1024**3
CPU_SECONDS = 2
"""Ten times what a minute of sound takes of any kind (0.2 s); a hostile file costs no more."""
LONGEST_SECONDS = 60.5
"""A minute, and what codecs put before and after it: an MP3 of a minute decodes to 60.05 s."""
MOST_BAD_PACKETS = 20
MOST_SAMPLES_A_FRAME = 1 << 17
"""The longest frame of any of these codecs is FLAC's, of 65,535 samples."""
_CODECS = frozenset({"aac", "flac", "mp3", "mp3float", "opus", "libopus", "vorbis"})
_RATES = range(8_000, 96_001)
_CHANNELS = (1, 2)
_OPTIONS = {"probesize": "1000000", "analyzeduration": "2000000"}
_LIVE_OPTIONS = {"probesize": "32768", "analyzeduration": "200000"}


class Refused(Exception):
    """The recording is not taken; the message is the answer."""


def main(demuxer: str, *wanted: str) -> None:
    """Answer for the recording on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the worker's, which ends its jobs first
    av.logging.set_level(av.logging.PANIC)
    is_live = LIVE in wanted
    sound = LiveSound() if is_live else Sound(is_kept=SAMPLES in wanted)
    _confine()
    print("ready", flush=True)  # noqa: T201  # standard output is where its parent reads
    source = Coming() if is_live else io.BytesIO(sys.stdin.buffer.read())
    try:
        answer: dict[str, Any] = {"seconds": round(_seconds(source, demuxer, sound), 3)}
    except Refused as refusal:
        answer, sound = {"refused": str(refusal)}, LiveSound(is_kept=False) if is_live else Sound(is_kept=False)
    if isinstance(sound, LiveSound):
        sound.end()
    print(json.dumps(answer), flush=True)  # noqa: T201
    sys.stdout.buffer.write(sound.whole())
    sys.stdout.buffer.flush()


def _confine() -> None:
    """Bound memory and processor time, leave no core, and open no file any more: a playlist finds nothing."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
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


class LiveSound(Sound):
    """Samples that are written as they come, in blocks."""

    def __init__(self, *, is_kept: bool = True) -> None:
        """Begin empty."""
        super().__init__(is_kept=is_kept)

    def add(self, frame: Any) -> None:
        """Take a frame, and write what is a block by now."""
        super().add(frame)
        if len(self._samples) >= BLOCK_BYTES:
            self._write(bytes(self._samples))
            self._samples.clear()

    def end(self) -> None:
        """Write the rest, and that it was the last."""
        rest = self.whole()
        self._samples.clear()
        if rest:
            self._write(rest)
        self._write(b"")

    def whole(self) -> bytes:
        """Return what was not written yet; once, at the end."""
        if self._resampler is not None:
            self._take(self._resampler.resample(None))
            self._resampler = None
        return bytes(self._samples)

    def _write(self, block: bytes) -> None:
        sys.stdout.buffer.write(struct.pack("<I", len(block)) + block)
        sys.stdout.buffer.flush()


class Coming:
    """Standard input as it comes: there is no way back in it, and a read returns what is there."""

    def read(self, size: int) -> bytes:
        """Wait for bytes, and return at most so many; none at the end."""
        return os.read(0, size)


def _warm() -> None:
    """Have PyAV import what it imports when it first resamples."""
    silence = av.AudioFrame(format="s16", layout="mono", samples=1024)
    silence.sample_rate = 48_000
    av.AudioResampler(format="s16", layout="mono", rate=SOUND_RATE).resample(silence)


def _seconds(source: io.BytesIO | Coming, demuxer: str, sound: Sound) -> float:
    """Return how long the sound is, by its decoded samples: headers lie, and a browser's webm has no duration.

    Raises:
        Refused: it is not one stream of sound of a known codec, or damaged, or too long.
    """
    try:
        options = _LIVE_OPTIONS if isinstance(source, Coming) else _OPTIONS
        with av.open(source, mode="r", format=demuxer, metadata_errors="ignore", options=options) as file:
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
