"""A message that cannot be run harms nobody and does not vanish."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.queue_rig import Rig, until
from cli.drills.poisons import LETTER, RUNS, Poisons

BODIES = Poisons("quick").bodies()
TO_LETTERS = {name for name, (_, fate) in BODIES.items() if fate == LETTER}
TO_RUN = {name for name, (_, fate) in BODIES.items() if fate == RUNS}


def test_all_poison_at_once(make_rig: Callable[..., Rig]) -> None:
    """29 bodies, one worker: each is set aside with its reason, run, or handed back; a sound task still runs."""
    rig = make_rig(wait_seconds=1)
    for body, _ in BODIES.values():
        rig.send_body(body)
    worker = rig.start(concurrency=2)
    rig.send("quick", "sound")

    rig.wait_mark("quick", "sound")
    for name in TO_RUN:
        rig.wait_mark("quick", name)
    letters = _wait_letters(rig, len(TO_LETTERS))

    assert worker.is_alive()
    assert {letter["body"] for letter in letters} == {BODIES[name][0] for name in TO_LETTERS}
    assert all(letter["dl_reason"] and letter["dl_error"] and letter["dl_message_id"] for letter in letters)
    assert {letter["dl_source"] for letter in letters} == {"q"}
    assert {letter["dl_receives"] for letter in letters} == {"1"}
    assert sum(rig.emulator.counts("q").values()) == 1  # the unknown task waits for a newer worker


def _wait_letters(rig: Rig, count: int) -> list[dict[str, str]]:
    until(lambda: len(rig.emulator.letters("q-dlq")) >= count, 10, f"{count} letters")
    return rig.emulator.letters("q-dlq")


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(BODIES))
def test_poison(make_rig: Callable[..., Rig], transport: str, name: str) -> None:
    body, fate = BODIES[name]
    rig = make_rig(transport=transport, wait_seconds=1)
    worker = rig.start(concurrency=2)
    rig.send_body(body)
    rig.send("quick", "sound")

    rig.wait_mark("quick", "sound", seconds=10)

    assert worker.is_alive()
    if fate == LETTER:
        _wait_letters(rig, 1)
    elif fate == RUNS:
        rig.wait_mark("quick", name)
    else:
        assert sum(rig.emulator.counts("q").values()) == 1


@pytest.mark.long
def test_unknown_task(make_rig: Callable[..., Rig], transport: str) -> None:
    """In a rolling release the old worker gets the new release's task first."""
    rig = make_rig(transport=transport, wait_seconds=1, lease_seconds=3, options={"unknown_task_seconds": 1})
    old = rig.start(concurrency=1, unknown=("quick",))
    rig.send("quick", "new")
    rig.send("slow", "sound", 0)
    rig.wait_mark("end", "sound")
    old.kill()
    rig.start(concurrency=1)

    rig.wait_mark("quick", "new")
    assert rig.emulator.letters("q-dlq") == []
