"""Whether a file from a stranger is a recording, and how long it is."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.adapters.deadlines import call_seconds
from shared.kernel.errors import Unavailable
from shared.kernel.recordings import (
    FEWEST_BYTES,
    MOST_BYTES,
    AudioTooLarge,
    AudioTooLong,
    Decoded,
    Sound,
    UnreadableAudio,
    container_of,
)

WALL_SECONDS = 20.0
"""Ten times the processor time that the process is allowed, for a host that has others to serve too."""
AT_ONCE = 2
DEMUXERS = {"webm": "matroska", "m4a": "mp4"}
PROGRAM = Path(__file__).with_name("decoding.py")
_CRASHES = frozenset(
    {
        signal.SIGABRT,
        signal.SIGBUS,
        signal.SIGFPE,
        signal.SIGILL,
        signal.SIGSEGV,
        signal.SIGSYS,
        signal.SIGTRAP,
        signal.SIGXCPU,
    }
)
"""The signals that a process brings upon itself; any other came from outside, and says nothing of the file."""


class AudioGuard:
    """Decodes recordings, each in a process of its own, at most so many at once.

    A process takes 0.1 s and 35 MB; it has the limits of `decoding`. FFmpeg is told which demuxer to use, by the file's
    first bytes, and reads from memory: a playlist, a script or a reference to another file is never followed.
    """

    def __init__(self, *, at_once: int = AT_ONCE, program: Path = PROGRAM) -> None:
        """Start nothing yet."""
        self._places = threading.BoundedSemaphore(at_once)
        self._program = program

    def read(self, content: bytes) -> Sound:
        """Return what a recording is; the same bytes always get the same answer, or Unavailable.

        Raises:
            UnreadableAudio: it is none, or damaged, or so made that decoding it takes too much.
            AudioTooLong: it has more than a minute.
            AudioTooLarge: it has more than ten mebibytes.
            Unavailable: this host has no time or memory for it at the moment.
        """
        return self._read(content).sound

    def listen(self, content: bytes) -> Decoded:
        """Return a recording's sound too; a minute of it has two megabytes.

        Raises:
            UnreadableAudio, AudioTooLong, AudioTooLarge, Unavailable: as `read` does.
        """
        return self._read(content, "samples")

    def _read(self, content: bytes, *wanted: str) -> Decoded:
        if len(content) > MOST_BYTES:
            raise AudioTooLarge
        container = container_of(content)
        if container is None or len(content) < FEWEST_BYTES:
            raise UnreadableAudio
        with self._taking_place():
            ended = self._decoded(content, DEMUXERS.get(container.name, container.name), *wanted)
        seconds, samples = _judged(ended)
        return Decoded(Sound(container.name, container.content_type, seconds), samples)

    @contextmanager
    def _taking_place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=call_seconds(WALL_SECONDS)):
            raise busy()
        try:
            yield
        finally:
            self._places.release()

    def _decoded(self, content: bytes, *asked: str) -> "subprocess.CompletedProcess[bytes]":
        command = (sys.executable, "-I", str(self._program), *asked)
        try:
            return subprocess.run(
                command, input=content, capture_output=True, env={}, timeout=call_seconds(WALL_SECONDS), check=False
            )
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise busy() from problem


def _judged(ended: "subprocess.CompletedProcess[bytes]") -> tuple[float, bytes]:
    """Return the seconds that the process counted, and the samples, where they were wanted.

    Raises:
        RuntimeError: it could not even begin: PyAV is not installed, or broken.
    """
    ready, _, rest = ended.stdout.partition(b"\n")
    answer, _, samples = rest.partition(b"\n")
    if ended.returncode < 0 and -ended.returncode not in _CRASHES:
        raise busy()
    if ready != b"ready":
        reason = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise RuntimeError(f"The process that decodes recordings does not start: {reason}")
    told = json.loads(answer) if ended.returncode == 0 else {}
    if told.get("refused") == "too_long":
        raise AudioTooLong
    if "seconds" not in told:
        raise UnreadableAudio
    return float(told["seconds"]), samples


def busy() -> Unavailable:
    """Return what is raised where this host has no time or memory."""
    return Unavailable("The recording could not be read in time.", "녹음을 제때 읽지 못했습니다.")
