"""Follows the logs of programs from now on, across their rotation."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 20


class Follower:
    """Gives the lines that are appended to one file after this was made; a line is given when it is whole."""

    def __init__(self, path: Path) -> None:
        """Begin at the file's present end, or at its beginning if it is made later."""
        self._path = path
        self._file: BinaryIO | None = None
        self._rest = b""
        if path.exists():
            self._file = open(path, "rb")  # noqa: SIM115 - it stays open as long as it is followed
            self._file.seek(0, os.SEEK_END)

    def lines(self) -> Iterator[str]:
        """Give what is new; an empty iterator if nothing is."""
        yield from self._read()
        if self._is_replaced():
            yield from self._read()  # what came between the last reading and the replacement
            self._open()
            yield from self._read()

    def close(self) -> None:
        """Let go of the file."""
        if self._file:
            self._file.close()
            self._file = None

    def _read(self) -> Iterator[str]:
        while self._file and (chunk := self._file.read(_CHUNK)):
            *whole, self._rest = (self._rest + chunk).split(b"\n")
            yield from (line.decode(errors="replace") for line in whole)

    def _is_replaced(self) -> bool:
        try:
            now = os.stat(self._path)
        except FileNotFoundError:
            return False
        return self._file is None or now.st_ino != os.fstat(self._file.fileno()).st_ino

    def _open(self) -> None:
        self.close()
        self._rest = b""
        self._file = open(self._path, "rb")  # noqa: SIM115 - as above


def last_lines(path: Path, count: int) -> list[str]:
    """Return a file's last lines, fewer if it has fewer, none if there is no file."""
    if not path.exists():
        return []
    with open(path, "rb") as file:
        file.seek(max(0, path.stat().st_size - _CHUNK))
        return [line.decode(errors="replace") for line in file.read().splitlines()[-count:]]
