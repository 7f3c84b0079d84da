"""Nothing that only observes can be written or read: a full disk under every log, and readers that stopped."""

import asyncio
import resource
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from cli.drills.disk import filled, is_own_disk
from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import GATEWAY, PERSISTENCE, Scene, frozen
from cli.drills.talk import a_talk

PROGRAMS = (GATEWAY, "celery")
READERS = 20
"""Readers that stop, for each process: more than any process keeps threads for."""
_CONNECT_SECONDS = 2.0
_SMALLEST_BUFFER = 2_048


async def disk_full(scene: Scene, scale: Scale) -> Outcome:
    """Let nothing that the platform logs find room while people talk; the store and Redis have a disk left.

    Where the run directory is a disk of its own it is filled to the last byte; else no process of ours can write.
    """
    seconds, directory = scale.of(6.0, 60.0), scene.directory.path
    pids = [pid for pid, command in scene.programs().items() if any(word in command for word in PROGRAMS)]
    has_disk = is_own_disk(directory)
    async with a_talk(scene) as talk:
        await talk.said(20)
        with filled(directory) if has_disk else _no_room(pids):
            await asyncio.sleep(seconds)
            await talk.said(20)
        outcome = await talk.judged(await talk.recovered())
    outcome.note = f"{'a full disk' if has_disk else 'no byte to any file'} for {seconds:.0f} s"
    return outcome


async def sink_slow(scene: Scene, scale: Scale) -> Outcome:
    """Stop whoever reads: the supervisor, for longer than a pipe takes to fill, and everybody who asks for metrics."""
    seconds = scale.of(8.0, 60.0)
    worker = scene.process(PERSISTENCE)
    async with a_talk(scene) as talk:
        await talk.said(20)
        with frozen(scene.supervisor()), stopped_readers(list(scene.state["metrics"].values())) as readers:
            await asyncio.sleep(seconds)
            await talk.said(20)
        outcome = await talk.judged(await talk.recovered())
    if scene.process(PERSISTENCE) != worker:
        outcome.faults.append("the worker died of it")
    outcome.note = f"nobody read what was printed, nor {readers} answers with metrics, for {seconds:.0f} s"
    return outcome


@contextmanager
def stopped_readers(addresses: Sequence[str]) -> Iterator[int]:
    """Ask each address many times and read no answer until the block ends; gives how many were asked."""
    readers = [reader for address in addresses for _ in range(READERS) if (reader := _stopped_reader(address))]
    try:
        yield len(readers)
    finally:
        for reader in readers:
            reader.close()


def _stopped_reader(address: str) -> socket.socket | None:
    """Ask one address, with as little room for its answer as there can be; None where nobody listens."""
    place = urlsplit(address)
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALLEST_BUFFER)
    reader.settimeout(_CONNECT_SECONDS)
    try:
        reader.connect((place.hostname, place.port))
        reader.sendall(f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
    except OSError:
        reader.close()
        return None
    return reader


@contextmanager
def _no_room(pids: list[int]) -> Iterator[None]:
    """Let writes beyond the first byte of a file fail in these processes, as they do on a full disk."""
    before = {}
    for pid in pids:
        with suppress(ProcessLookupError):
            before[pid] = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[pid][1]))
    try:
        yield
    finally:
        for pid, limits in before.items():
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
