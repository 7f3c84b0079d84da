"""A recording from a stranger, decoded while it is made."""

import json
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from shared.adapters.audio_guard.guard import DEMUXERS, PROGRAM, busy
from shared.kernel.recordings import FEWEST_BYTES, AudioTooLong, UnreadableAudio, container_of

SOUND_RATE = 16_000
STILL_SECONDS = 5.0
"""After so long without sound a little silence is given: Amazon closes a stream that has none for 15 s."""
SILENCE = bytes(SOUND_RATE // 5 * 2)
JOIN_SECONDS = 2.0
LARGEST_BLOCK = 1 << 20
_SIZE = struct.Struct("<I")


class LiveDecoder:
    """Decodes recordings as they come, each in a process of its own with the limits of `decoding`: 35 MB."""

    def __init__(self, *, program: Path = PROGRAM, still_seconds: float = STILL_SECONDS) -> None:
        """Start nothing yet."""
        self._program, self._still_seconds = program, still_seconds

    @contextmanager
    def decoding(self, chunks: Iterable[bytes]) -> Iterator["LiveSounds"]:
        """Give the sounds of a recording whose chunks are read in a thread; what these raise, the sounds raise.

        Raises:
            UnreadableAudio: the first bytes are no kind of recording that is taken.
            Unavailable: this host has no memory for it at the moment.
        """
        source = iter(chunks)
        head = _head(source)
        container = container_of(head)
        if container is None:
            raise UnreadableAudio
        process = self._started(DEMUXERS.get(container.name, container.name))
        sounds = LiveSounds(process, head, source, self._still_seconds)
        try:
            yield sounds
        finally:
            sounds.close()

    def _started(self, demuxer: str) -> "subprocess.Popen[bytes]":
        command = (sys.executable, "-I", str(self._program), demuxer, "live")
        pipe = subprocess.PIPE
        try:
            return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env={})
        except OSError as problem:
            raise busy() from problem


class LiveSounds:
    """Signed 16-bit samples of one channel at 16 kHz, as they are decoded; read once."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", head: bytes, rest: Iterator[bytes], still_seconds: float
    ) -> None:
        """Begin to feed the process, and to read from it."""
        self._process, self._still_seconds = process, still_seconds
        self._blocks: queue.Queue[bytes | None] = queue.Queue()
        self._problem: BaseException | None = None
        self._threads = [
            threading.Thread(target=self._feed, args=(head, rest), name="live-chunks", daemon=True),
            threading.Thread(target=self._read, name="live-sounds", daemon=True),
        ]
        self.seconds = 0.0
        for thread in self._threads:
            thread.start()

    def __iter__(self) -> Iterator[bytes]:
        """Give sounds until the recording has ended, and silence where nothing comes for long.

        Raises:
            UnreadableAudio: it is damaged, or cannot be read before it is whole.
            AudioTooLong: it has more than a minute.
        """
        while (block := self._next()) is not None:
            self.seconds += len(block) / 2 / SOUND_RATE
            yield block
        if self._problem is not None:
            raise self._problem

    def close(self) -> None:
        """End the process; the thread that reads chunks ends with the next one."""
        self._process.kill()
        self._threads[1].join(JOIN_SECONDS)
        with suppress(OSError):
            self._stdin.close()
        self._stdout.close()
        self._process.wait()

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def _next(self) -> bytes | None:
        try:
            return self._blocks.get(timeout=self._still_seconds)
        except queue.Empty:
            return SILENCE

    def _feed(self, head: bytes, rest: Iterator[bytes]) -> None:
        try:
            self._write(head)
            for chunk in rest:
                self._write(chunk)
        except (OSError, ValueError):
            return  # the process ended: how, is told by what it wrote
        except Exception as problem:  # the chunks' own: told to whoever reads the sounds
            self._problem = problem
        finally:
            with suppress(OSError, ValueError):
                self._stdin.close()

    def _write(self, chunk: bytes) -> None:
        self._stdin.write(chunk)
        self._stdin.flush()

    def _read(self) -> None:
        try:
            self._read_all()
        except (OSError, ValueError, struct.error):
            self._problem = self._problem or UnreadableAudio()
        finally:
            self._blocks.put(None)

    def _read_all(self) -> None:
        """Read blocks, and how the process judges the whole; one that says nothing was brought down by the file."""
        self._stdout.readline()
        while size := _SIZE.unpack(self._stdout.read(_SIZE.size))[0]:
            if size > LARGEST_BLOCK:
                raise ValueError("no block is that large")
            self._blocks.put(self._stdout.read(size))
        told = json.loads(self._stdout.readline() or b"{}")
        if "seconds" not in told:
            self._problem = self._problem or (
                AudioTooLong() if told.get("refused") == "too_long" else UnreadableAudio()
            )


def _head(source: Iterator[bytes]) -> bytes:
    """Return the first chunks, as many as tell what it is."""
    head = b""
    while len(head) < FEWEST_BYTES:
        chunk = next(source, None)
        if chunk is None:
            break
        head += chunk
    return head
