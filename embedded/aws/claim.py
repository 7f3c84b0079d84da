"""Holding a directory for one process: two would overwrite each other's state."""

import sqlite3
from pathlib import Path


class DirectoryInUseError(RuntimeError):
    """Another process keeps its state in this directory."""


def claim(directory: Path) -> sqlite3.Connection:
    """Hold `directory` until the returned connection is closed or the process ends, however it ends.

    Raises DirectoryInUseError when another process holds it. The lock is SQLite's: it needs no clean-up after a
    crash and works on every platform.
    """
    lock = sqlite3.connect(directory / "lock.db", isolation_level=None, timeout=0)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as locked:
        lock.close()
        raise DirectoryInUseError(f"Another process is using {directory}: stop it first.") from locked
    return lock
