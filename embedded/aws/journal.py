"""The journal: one SQLite file that holds everything acknowledged, written in groups before the answers."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS item (
    arn TEXT, partition TEXT, sort TEXT, content TEXT, PRIMARY KEY (arn, partition, sort)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message (
    queue TEXT, id TEXT, position INTEGER, content TEXT, PRIMARY KEY (queue, id));
CREATE TABLE IF NOT EXISTS delivery (
    queue TEXT, id TEXT, state TEXT, PRIMARY KEY (queue, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deduplication (
    queue TEXT, key TEXT, expires REAL, content TEXT, PRIMARY KEY (queue, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record (
    kind TEXT, name TEXT, content TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID;
"""
# The write-ahead log is folded back in the background after so many rows, or a commit would stall on it.
_ROWS_BETWEEN_CHECKPOINTS = 5000


Row = tuple[str, tuple[Any, ...]]


class Journal:
    """Collects changes in memory and makes them durable together: a group commit.

    `record` may be called from any thread; `durable` only from the event loop. A commit survives the death
    of the process (SQLite WAL); with `fsync` it survives the death of the machine too, at about a third of the speed.
    """

    def __init__(self, path: Path, *, fsync: bool) -> None:
        self._path = path
        self._fsync = fsync
        self._lock = threading.Lock()
        self._pending: list[Row] = []
        self._recorded = 0
        self._committed = 0
        self._since_checkpoint = 0
        self._flush: asyncio.Task[None] | None = None
        self._checkpoint: asyncio.Task[None] | None = None
        self._database = _connect(path)
        self._database.execute(f"PRAGMA synchronous={'FULL' if fsync else 'NORMAL'}")
        self._database.executescript(_SCHEMA)

    def record(self, statement: str, parameters: tuple[Any, ...]) -> None:
        """Note a change; `durable` writes it, in the order of the calls."""
        with self._lock:
            self._pending.append((statement, parameters))
            self._recorded += 1

    def keep(self, kind: str, name: str, content: str) -> None:
        """Record the whole content of a named thing; the last call wins."""
        self.record("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", (kind, name, content))

    def forget(self, kind: str, name: str) -> None:
        """Record that a named thing is gone."""
        self.record("DELETE FROM record WHERE kind = ? AND name = ?", (kind, name))

    def read(self, statement: str, parameters: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """Iterate over committed rows; used while starting, before anything is recorded."""
        return iter(self._database.execute(statement, parameters))

    async def durable(self) -> None:
        """Return once everything recorded before this call is committed.

        Raises sqlite3.Error when the disk refuses; the rows stay pending and the next call tries them again.
        """
        target = self._recorded
        while self._committed < target:
            if self._flush is None:
                self._flush = asyncio.create_task(self._write_pending())
            # Shielded: one client that hangs up must not undo the commit that others wait for.
            await asyncio.shield(self._flush)

    async def close(self) -> None:
        """Commit what is left and close the file."""
        await self.durable()
        if self._checkpoint is not None:
            await self._checkpoint
        self._database.close()

    async def _write_pending(self) -> None:
        with self._lock:
            batch, self._pending = self._pending, []
        with ExitStack() as unwritten:
            # For any reason: rows that are not on disk stay pending, or a later answer would promise too much.
            unwritten.callback(self._put_back, batch)
            try:
                if self._fsync:
                    await asyncio.to_thread(self._commit, batch)
                else:
                    self._commit(batch)
            finally:
                self._flush = None
            unwritten.pop_all()
        self._committed += len(batch)
        self._checkpoint_now_and_then(len(batch))

    def _put_back(self, batch: list[Row]) -> None:
        with self._lock:
            self._pending = batch + self._pending

    def _commit(self, batch: list[Row]) -> None:
        self._database.execute("BEGIN")
        with ExitStack() as undone:  # for any reason, since the whole batch is tried again
            undone.callback(self._roll_back)
            for statement, parameters in batch:
                self._database.execute(statement, parameters)
            self._database.execute("COMMIT")
            undone.pop_all()

    def _roll_back(self) -> None:
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")

    def _checkpoint_now_and_then(self, rows: int) -> None:
        self._since_checkpoint += rows
        idle = self._checkpoint is None or self._checkpoint.done()
        if idle and self._since_checkpoint >= _ROWS_BETWEEN_CHECKPOINTS:
            self._since_checkpoint = 0
            self._checkpoint = asyncio.create_task(asyncio.to_thread(_fold_log, self._path))


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA wal_autocheckpoint=0")
    return database


def _fold_log(path: Path) -> None:
    """Copy the write-ahead log into the database, on a connection of its own so that commits go on."""
    database = _connect(path)
    try:
        database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    finally:
        database.close()
