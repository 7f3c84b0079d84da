"""What a long run looks at again and again: memory, descriptors and threads of each program, Redis, files, calls."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import redis

from cli.loading.counting import addresses_of, read_counts
from cli.loading.record import Record
from cli.running import descendants, running

_NODE = re.compile(r" -n ([\w-]+)@")
_MODULE = re.compile(r" -m (embedded\.\w+)")


@dataclass
class Program:
    """All processes of one program: mebibytes of memory that is theirs alone, descriptors, threads."""

    memory: float = 0.0
    descriptors: int = 0
    threads: int = 0


@dataclass
class Sample:
    """One look at a platform; `offsets` says how many times of each kind had been measured by then.

    `sqs_calls` is what each program has asked of SQS since it started, by its name in the Procfile.
    """

    at: float
    programs: dict[str, Program]
    redis_keys: int
    files: int
    sqs_calls: dict[str, float]
    offsets: dict[str, int] = field(default_factory=dict)


def program_of(command: str) -> str:
    """Return the program that a command line belongs to; `other` are the supervisor and the shells about it."""
    if node := _NODE.search(command):
        return node[1]
    if module := _MODULE.search(command):
        return module[1]
    return next((name for name in ("gunicorn", "beat", "flower", "valkey") if name in command), "other")


def look(pid: int, directory: Path, record: Record, at: float) -> Sample:
    """Look once at everything that descends from a process, and at what its run keeps."""
    programs: dict[str, Program] = {}
    table = running()
    for one in descendants(pid, table):
        if one in table:
            _add(programs.setdefault(program_of(table[one].command), Program()), one)
    return Sample(
        at=at,
        programs=programs,
        redis_keys=_keys(directory),
        files=sum(1 for path in directory.rglob("*") if path.is_file()),
        sqs_calls={name: _sqs_calls(name, address) for name, address in addresses_of(directory).items()},
        offsets={name: len(seconds) for name, seconds in record.seconds.items()},
    )


def _add(program: Program, pid: int) -> None:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        descriptors = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:  # it ended meanwhile
        return
    private = re.findall(r"^Private_\w+:\s+(\d+) kB", rollup, re.MULTILINE)
    program.memory += sum(map(int, private)) / 1024
    program.descriptors += descriptors
    program.threads += int(status.split("Threads:")[1].split()[0])


def _sqs_calls(name: str, address: str) -> float:
    counts = read_counts({name: address})
    return sum(count for name, count in counts.items() if name.startswith("aws_calls{") and "service=sqs" in name)


def _keys(directory: Path) -> int:
    state: Mapping[str, Mapping[str, str]] = json.loads((directory / "state.json").read_text(encoding="utf-8"))
    with redis.from_url(state["addresses"]["redis"]) as client:
        return int(client.dbsize())
