"""Where log lines go; a sink that cannot take one costs that line, and nothing and nobody else."""

import _socket
import io
import os
import stat
import sys
import time
from typing import Protocol

STANDARD_OUTPUT, STANDARD_ERROR = 1, 2
LOOK_SECONDS = 1.0
_NEW_LINE = "\n"
_lost = 0


class Channel(Protocol):
    """What bytes are written to."""

    def __call__(self, data: bytes, /) -> int:
        """Write without waiting; return how many were taken. Raises OSError where none could be."""


class Sink:
    """One place that lines are written to, each by one call.

    It never raises and never waits for a reader, whatever became of the place: full, closed, a pipe that nobody
    empties. A line that was not taken whole is lost and counted. The next one begins on a line of its own, behind a
    line that says how many are missing.
    """

    def __init__(self, channel: Channel | None) -> None:
        """Write to the channel; None loses every line."""
        self._channel = channel
        self._missing = 0
        self._is_torn = False

    def write(self, line: str) -> None:
        """Write a line; a character that UTF-8 cannot hold is written as its escape."""
        note = f'{{"event": "log.lines_lost", "lines": {self._missing}}}\n' if self._missing else ""
        data = (_NEW_LINE * self._is_torn + note + line + _NEW_LINE).encode(errors="backslashreplace")
        try:
            taken = self._channel(data) if self._channel else 0
        except (OSError, ValueError):
            taken = 0
        if taken < len(data):
            self._lose(torn=taken > 0)
        else:
            self._missing, self._is_torn = 0, False

    def _lose(self, *, torn: bool) -> None:
        _note_lost()
        self._missing += 1
        self._is_torn = self._is_torn or torn


def _note_lost() -> None:
    global _lost
    _lost += 1


def lost_lines() -> int:
    """Return how many lines this process could not write, over all its sinks."""
    return _lost


def standard_error() -> Sink:
    """Return a sink on this process's standard error that does not wait, even where other processes do."""
    return Sink(_without_waiting(STANDARD_ERROR))


def appended_file(path: str) -> Sink:
    """Return a sink at the end of a file, which is made where there is none, and again where it was set aside.

    Raises:
        OSError: it cannot be opened.
    """
    return Sink(_Rotated(path))


class _Rotated:
    """Writes to the file that has a name now; looks for another one of that name once a second."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor = self._opened()
        self._look_at = time.monotonic() + LOOK_SECONDS

    def __call__(self, data: bytes, /) -> int:
        if time.monotonic() > self._look_at:
            self._look_at = time.monotonic() + LOOK_SECONDS
            self._look()
        return os.write(self._descriptor, data)

    def _look(self) -> None:
        try:
            is_same = os.path.samestat(os.stat(self._path), os.fstat(self._descriptor))
        except FileNotFoundError:
            is_same = False
        if not is_same:
            # the number stays, so that a thread that writes meanwhile writes to one of both files
            opened = self._opened()
            os.dup2(opened, self._descriptor, inheritable=False)
            os.close(opened)

    def _opened(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)


def make_printing_harmless() -> None:
    """Let `print` lose what nobody takes, as a log line does; once, at the start of a process.

    Celery prints a banner at its start, and a worker with its output on a full disk ended there.
    """
    sys.stdout = sys.__stdout__ = _Printed(STANDARD_OUTPUT)  # type: ignore[misc, assignment]  # Celery prints there
    sys.stderr = sys.__stderr__ = _Printed(STANDARD_ERROR)  # type: ignore[misc, assignment]


class _Printed(io.TextIOBase):
    """A text stream that never raises and never waits."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._channel = descriptor, _without_waiting(descriptor)

    def write(self, text: str, /) -> int:
        """Write what is taken of a text; all of it counts as written."""
        try:
            if self._channel:
                self._channel(text.encode(errors="backslashreplace"))
        except (OSError, ValueError):
            _note_lost()
        return len(text)

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def isatty(self) -> bool:
        """Tell whether a person reads it."""
        return os.isatty(self._descriptor)

    def fileno(self) -> int:
        """Return the descriptor that it stands for."""
        return self._descriptor


class _Descriptor:
    """Writes to a descriptor of its own; closed with the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __call__(self, data: bytes, /) -> int:
        return os.write(self._descriptor, data)


class _Stream:
    """Writes to a socket, as standard error is under systemd: a flag of the call, since the socket is shared."""

    def __init__(self, descriptor: int) -> None:
        # gevent's own class would switch the socket, which others share, to not waiting
        self._socket = _socket.socket(fileno=os.dup(descriptor))

    def __call__(self, data: bytes, /) -> int:
        return self._socket.send(data, _socket.MSG_DONTWAIT)


def _without_waiting(descriptor: int) -> Channel | None:
    """Return a way to write to what a descriptor leads to; None where it leads nowhere.

    It is opened anew where that is possible: O_NONBLOCK on a duplicate would bind everybody who shares it.
    """
    try:
        if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return _Stream(descriptor)
        flags = os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_CLOEXEC
        return _Descriptor(os.open(f"/proc/self/fd/{descriptor}", flags))
    except OSError:
        return _duplicate(descriptor)


def _duplicate(descriptor: int) -> Channel | None:
    """Return what a descriptor is where it cannot be opened anew: another user's terminal, a deleted file."""
    try:
        return _Descriptor(os.dup(descriptor))
    except OSError:
        return None
