"""FIFO: order within a group, concurrency between groups, and a retry that keeps both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest

from bench.queue_rig import Mark, Rig
from shared.adapters.sqs_transport.errors import DelayRefused, GroupMissing

QUEUE = "q.fifo"


def _fill(rig: Rig, groups: int, each: int, fail_at: int = -1) -> None:
    for number in range(each):
        for group in range(groups):
            rig.send("member", str(group), number, fail_at, MessageGroupId=str(group))


def _overlaps(marks: list[Mark]) -> list[Mark]:
    """Members of a group that began before the one before them was over."""
    running: defaultdict[str, int] = defaultdict(int)
    found = []
    for mark in marks:
        running[mark[3]] += {"member": 1, "over": -1}.get(mark[2], 0)
        if running[mark[3]] > 1:
            found.append(mark)
    return found


@pytest.mark.parametrize(
    "pool", ["", pytest.param("shared.adapters.sqs_transport.pool:TaskPool", marks=pytest.mark.long)]
)
def test_fifo_order(make_rig: Callable[..., Rig], transport: str, pool: str) -> None:
    """Two workers of four, six groups of twelve, one of each failing twice: each group in order, one at a time."""
    if transport == "stock" and pool:
        pytest.skip("the pool is ours")
    rig = make_rig(transport=transport, queues=(QUEUE,), wait_seconds=1, pool=pool)
    _fill(rig, groups=6, each=12, fail_at=5)
    rig.start(concurrency=4, ready=False)
    rig.start(concurrency=4, ready=False)

    rig.wait_mark("over", seconds=40, times=72)
    rig.wait_empty()
    for group in range(6):
        assert [int(mark[4]) for mark in rig.marks("member", str(group))] == list(range(12))
        assert len(rig.marks("fail", str(group))) == 2
    assert _overlaps(rig.marks()) == []
    assert len({mark[1] for mark in rig.marks("member")}) > 1


@pytest.mark.long
def test_fifo_survives_a_kill(make_rig: Callable[..., Rig]) -> None:
    """The order holds across a kill -9; the member that was running may run once more."""
    rig = make_rig(queues=(QUEUE,), wait_seconds=1, lease_seconds=2)
    _fill(rig, groups=3, each=15)
    worker = rig.start(concurrency=3)
    rig.wait_mark("over", times=10)
    worker.kill()
    rig.start(concurrency=3)

    rig.wait_empty(30)
    for group in range(3):
        numbers = [int(mark[4]) for mark in rig.marks("member", str(group))]
        assert sorted(set(numbers)) == list(range(15))
        first_runs = list(dict.fromkeys(numbers))
        assert first_runs == list(range(15))


def test_fifo_refuses_delays_and_missing_groups(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(queues=(QUEUE,))
    with pytest.raises(DelayRefused, match="HandBack"):
        rig.send("quick", "late", countdown=5, MessageGroupId="g")
    with pytest.raises(GroupMissing, match="MessageGroupId"):
        rig.send("quick", "nobody")
    rig.send("quick", "once", MessageGroupId="g", task_id="same")
    rig.send("quick", "once", MessageGroupId="g", task_id="same")
    rig.send("quick", "once", MessageGroupId="g", task_id="same", retries=1)
    rig.send("quick", "once", MessageGroupId="g", task_id="same", MessageDeduplicationId="chosen")
    assert rig.emulator.counts(QUEUE)["ready"] == 3
