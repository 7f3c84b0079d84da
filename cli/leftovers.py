"""Finds and ends what a killed platform left running, and nothing else."""

import os
import signal
import time
from collections.abc import Callable, Collection, Iterable

from cli.run_directory import RunDirectory
from cli.running import Running, kill_groups, running
from cli.supervisor import supervisor_command

GRACE_SECONDS = 25.0
POLL_SECONDS = 0.1
RECORD = "processes.json"


def record(directory: RunDirectory, pids: Collection[int]) -> None:
    """Record which processes are ours, so that a later run can end them; repeat it, as command lines change."""
    found = {"processes": [process.as_json() for process in running(pids).values()]}
    if directory.read(RECORD) != found:
        directory.write(RECORD, found)


def living(directory: RunDirectory) -> list[Running]:
    """Return every running process of this directory's platform, also where the one that started it is gone.

    A process is ours if its number, its start and its command line are those that were recorded, or if it is
    the supervisord of this directory or its child.
    """
    table = running()
    # neither our own group nor what we started is a left-over, even if a damaged record names it
    others = [process for process in table.values() if process.group != os.getpgrp()]
    recorded = [Running.from_json(kept) for kept in directory.read(RECORD).get("processes", [])]
    found = {process.pid for old in recorded for process in others if _belongs(process, old, table)}
    found |= {process.pid for process in others if _is_supervisor(process, directory)}
    found |= {process.pid for process in others if process.parent in found}
    return [table[pid] for pid in found]


def clean(directory: RunDirectory) -> int:
    """End every process that an earlier run of this directory left, and return how many groups there were.

    Each is asked first; what is left after 25 s is killed.
    """
    leaders = living(directory)
    groups = {leader.group for leader in leaders}
    supervisors = {leader.group for leader in leaders if _is_supervisor(leader, directory)}
    kill_groups(supervisors or groups, signal.SIGTERM)  # a living supervisord stops its programs in order
    _until(lambda: not _members(groups), GRACE_SECONDS)
    sweep(groups)
    directory.forget(RECORD)
    directory.forget(directory.state.name)
    return len(groups)


def sweep(groups: Iterable[int]) -> None:
    """Kill what is left of process groups that are known to be ours; return when nothing of them runs."""
    known = set(groups)
    if _members(known):
        kill_groups(known, signal.SIGKILL)
        _until(lambda: not _members(known), GRACE_SECONDS)


def _belongs(process: Running, old: Running, table: dict[int, Running]) -> bool:
    if process.is_same(old):
        return True
    # the leader is gone: a member of its group with its command line is a child that it forked
    return process.group == old.group and old.pid not in table and process.command == old.command


def _is_supervisor(process: Running, directory: RunDirectory) -> bool:
    return process.command == " ".join(supervisor_command(directory))


def _members(groups: set[int]) -> list[Running]:
    return [process for process in running().values() if process.group in groups]


def _until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
