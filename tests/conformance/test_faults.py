"""Whatever SQS or the network answers, the worker goes on, and nothing runs twice for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.minisqs.faults import KINDS
from bench.queue_rig import Rig, Worker, until

DELETES = {"ours": "DeleteMessageBatch", "stock": "DeleteMessage"}


@pytest.fixture(scope="module")
def hardy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rig, Worker]]:
    """One worker of ours that has to survive all faults of this file."""
    with _rig(tmp_path_factory.mktemp("hardy"), "ours") as rig:
        yield rig, rig.start(concurrency=2)


@contextmanager
def _rig(folder: Path, transport: str) -> Iterator[Rig]:
    options = {"call_timeout_seconds": 1, "call_attempts": 1} if transport == "ours" else {}
    with Rig(folder, transport=transport, wait_seconds=1, options=options) as rig:
        yield rig


def _survives_receive_fault(rig: Rig, worker: Worker, kind: str) -> None:
    before = _failures(rig)
    rig.emulator.control("fault", action="ReceiveMessage", kind=kind)
    rig.send("noop")  # ends the poll that is under way
    until(lambda: _failures(rig) > before, 10, "a receive was struck")
    rig.send("quick", kind)

    rig.wait_mark("quick", kind, seconds=12)
    rig.wait_empty()
    assert worker.is_alive()
    assert len(rig.marks("quick", kind)) == 1


def _failures(rig: Rig) -> int:
    return int(rig.emulator.control("stats")["struck"])


def _survives_delete_fault(rig: Rig, worker: Worker, kind: str, action: str) -> None:
    name = f"delete-{kind}"
    rig.emulator.control("fault", action=action, kind=kind, times=2)
    rig.send("quick", name)

    rig.wait_mark("quick", name)
    rig.wait_empty(20)
    assert worker.is_alive()
    assert len(rig.marks("quick", name)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_each_receive_fault(hardy: tuple[Rig, Worker], kind: str) -> None:
    _survives_receive_fault(*hardy, kind)


@pytest.mark.parametrize("kind", [*KINDS, "denied"])
def test_each_delete_fault(hardy: tuple[Rig, Worker], kind: str) -> None:
    _survives_delete_fault(*hardy, kind, DELETES["ours"])


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_receive_fault(tmp_path: Path, transport: str, kind: str) -> None:
    with _rig(tmp_path, transport) as rig:
        _survives_receive_fault(rig, rig.start(concurrency=2), kind)


@pytest.mark.long
@pytest.mark.parametrize("kind", [*KINDS, "denied"])
def test_delete_fault(tmp_path: Path, transport: str, kind: str) -> None:
    with _rig(tmp_path, transport) as rig:
        _survives_delete_fault(rig, rig.start(concurrency=2), kind, DELETES[transport])


@pytest.mark.long
def test_deaf_worker_ends_itself(make_rig: Callable[..., Rig]) -> None:
    """No receive succeeds, yet the queue answers that messages are ready: a supervisor's restart may help."""
    rig = make_rig(wait_seconds=1, options={"end_when_deaf": True, "deaf_seconds": 1})
    rig.emulator.control("fault", action="ReceiveMessage", kind="500", times=1000)
    worker = rig.start(concurrency=1)
    rig.send("quick", "unheard")

    assert worker.wait_end(20) == 0
    assert "deaf on q" in worker.log.read_text()


@pytest.mark.long
def test_outage_is_not_deafness(make_rig: Callable[..., Rig]) -> None:
    """Nothing answers at all: ending the worker would help nobody, and when SQS is back it works on."""
    rig = make_rig(wait_seconds=1, options={"end_when_deaf": True, "deaf_seconds": 1})
    worker = rig.start(concurrency=1)
    rig.emulator.control("fault", action="*", kind="503", times=1000)
    until(lambda: worker.log.read_text().count("cannot tell whether") >= 1, 20, "the watchdog has looked")
    rig.emulator.control("reset")
    rig.send("quick", "back")

    rig.wait_mark("quick", "back", seconds=30)
    assert worker.is_alive()
