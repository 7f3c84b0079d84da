"""The journal: what is durable, and what a refusing disk does to it."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest

from embedded.aws.claim import DirectoryInUseError, claim
from embedded.aws.journal import Journal


def stored(path: Path) -> list[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return sorted(database.execute("SELECT name, content FROM record"))


@pytest.mark.parametrize("fsync", [False, True])
def test_many_writers_share_commits_and_each_finds_its_row(tmp_path: Path, fsync: bool) -> None:
    path = tmp_path / "journal.db"

    async def scenario() -> None:
        journal = Journal(path, fsync=fsync)

        async def write(number: int) -> None:
            journal.keep("kind", f"{number:03d}", "x")
            await journal.durable()
            assert (f"{number:03d}", "x") in stored(path)

        await asyncio.gather(*(write(number) for number in range(50)))
        journal.forget("kind", "007")
        await journal.close()

    asyncio.run(scenario())
    assert len(stored(path)) == 49


def test_rows_that_the_disk_refused_are_written_later(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"

    async def scenario() -> None:
        journal = Journal(path, fsync=False)
        journal.keep("kind", "first", "x")
        journal.record("INSERT INTO later VALUES (?)", ("row",))
        with pytest.raises(sqlite3.OperationalError):
            await journal.durable()
        assert stored(path) == []
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE later (name TEXT)")
        journal.keep("kind", "second", "x")
        await journal.close()

    asyncio.run(scenario())
    assert stored(path) == [("first", "x"), ("second", "x")]


def test_a_long_log_is_folded_back_while_writing_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"

    async def scenario() -> None:
        journal = Journal(path, fsync=False)
        for batch in range(12):
            for number in range(1000):
                journal.keep("kind", f"{batch}-{number}", "x" * 100)
            await journal.durable()
        await journal.close()

    asyncio.run(scenario())
    assert len(stored(path)) == 12_000


def test_a_directory_belongs_to_one_process(tmp_path: Path) -> None:
    with contextlib.closing(claim(tmp_path)), pytest.raises(DirectoryInUseError, match="stop it first"):
        claim(tmp_path)
    claim(tmp_path).close()
