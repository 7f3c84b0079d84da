"""A message runs once, however long its task takes; after a crash it runs again within a lease."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from bench.queue_rig import Rig, until

LEASE = 2
THREADS = "shared.adapters.sqs_transport.pool:TaskPool"


@pytest.fixture(
    scope="module",
    params=[("ours", ""), ("ours", THREADS), pytest.param(("ours", "threads"), marks=pytest.mark.long), ("stock", "")],
    ids=["ours", "ours-pool", "ours-threads", "stock"],
)
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One worker with short leases, which is given everything at once that outlasts them."""
    transport, pool = request.param
    options = {"delay_ceiling": 3} if transport == "ours" else {}
    chosen = {"transport": transport, "pool": pool, "options": options, "lease_seconds": LEASE, "wait_seconds": 1}
    with Rig(tmp_path_factory.mktemp("life"), **chosen) as rig:
        rig.send("slow", "long", 2.5 * LEASE)
        rig.send("quick", "delayed", countdown=LEASE + 1, MessageGroupId="fair")
        rig.send("quick", "hopping", countdown=10)
        rig.send("again", "me", 2, 1)
        rig.send("fan", "child", 3)
        if not pool:
            rig.send("die", "twice", 2)
        rig.start(concurrency=6)
        yield rig


def test_task_longer_than_lease(life: Rig) -> None:
    """Renewal: the task outlasts two leases and runs once."""
    life.wait_mark("end", "long", seconds=20)
    life.wait_mark("quick", "delayed", seconds=20)
    assert len(life.marks("begin", "long")) == 1


def test_countdown_longer_than_lease(life: Rig) -> None:
    """The delay lies in SQS: no worker holds it, it does not run early, and it runs once, in its fair group."""
    marks = life.wait_mark("quick", "delayed", seconds=20)
    life.wait_mark("quick", "hopping", seconds=30)
    assert marks[0][4:6] == ["1", "fair"]
    assert float(marks[0][6]) >= LEASE + 1
    assert len(life.marks("quick", "delayed")) == 1


def test_countdown_hops(life: Rig) -> None:
    """A delay above SQS's ceiling (lowered here) is passed on, and ends when it should."""
    mark = life.wait_mark("quick", "hopping", seconds=30)[0]
    sent_at = min(call[0] for call in life.emulator.control("log")["log"] if call[1] == "SendMessage")
    assert 10 <= float(mark[0]) - sent_at < 16
    assert float(mark[6]) < 9  # the last leg is a message of its own
    assert len(life.marks("quick", "hopping")) == 1


def test_hand_back_with_delay(life: Rig) -> None:
    """A task asks to come back: the same message, after the delay it chose, from a process and from threads alike."""
    life.wait_mark("done", "me", seconds=20)
    times = [float(mark[0]) for mark in life.marks("again", "me")]
    assert [mark[4] for mark in life.marks("again", "me")] == ["1", "2", "3"]
    assert 0.9 < times[1] - times[0] < 4


def test_tasks_send_tasks(life: Rig) -> None:
    """A pool process that was forked beside our threads builds its own client."""
    for number in range(3):
        life.wait_mark("quick", f"child-{number}")


def test_pool_process_killed(life: Rig) -> None:
    """kill -9 of the process that runs a task (out of memory): it runs again, after a pause; the worker goes on."""
    if life.setup.pool:
        pytest.skip("threads die with their worker")
    runs = life.wait_mark("die", "twice", seconds=25, times=3)
    assert [mark[4] for mark in runs] == ["1", "2", "3"]
    assert float(runs[1][0]) - float(runs[0][0]) > 0.9
    assert float(runs[2][0]) - float(runs[1][0]) > 1.9


def test_life_leaves_nothing(life: Rig) -> None:
    """All of it is done, and nothing was set aside."""
    life.wait_empty(20)
    assert life.emulator.letters("q-dlq") == []
    assert life.workers[0].is_alive()


def test_worker_killed(make_rig: Callable[..., Rig], transport: str) -> None:
    """kill -9 of the whole worker: nothing is lost, and a lease later another worker has it."""
    rig = make_rig(transport=transport, lease_seconds=LEASE, wait_seconds=1)
    worker = rig.start(concurrency=2)
    rig.send("slow", "survivor", 1)
    rig.wait_mark("begin", "survivor")
    worker.kill()
    rig.start(concurrency=2)

    rig.wait_mark("end", "survivor", seconds=LEASE + 10)
    rig.wait_empty()


@pytest.mark.long
def test_native_redrive_is_the_last_net(make_rig: Callable[..., Rig]) -> None:
    """Hand-backs alone never bury a message before the queue's own policy does."""
    policy = '{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:q-dlq", "maxReceiveCount": "4"}'
    rig = make_rig(wait_seconds=1, attributes={"RedrivePolicy": policy})
    rig.start(concurrency=1)
    rig.send("again", "net", 100, 0)

    until(lambda: sum(rig.emulator.counts("q-dlq").values()), 20, "SQS buries it")
    assert [mark[4] for mark in rig.marks("again", "net")] == ["1", "2", "3", "4"]


@pytest.mark.long
def test_suspended_worker_runs_nothing_it_lost(make_rig: Callable[..., Rig]) -> None:
    """A worker that was stopped for longer than a lease does not begin what others have had meanwhile."""
    rig = make_rig(lease_seconds=LEASE, wait_seconds=1, prefetch=4)
    worker = rig.start(concurrency=1)
    rig.send("slow", "held", 1)
    rig.wait_mark("begin", "held")
    rig.send("quick", "prefetched")
    until(lambda: rig.emulator.counts("q")["in_flight"] == 2, 5, "it is prefetched")
    os.killpg(worker.process.pid, signal.SIGSTOP)
    rig.start(concurrency=1)
    rig.wait_mark("quick", "prefetched", seconds=LEASE + 10)
    rig.wait_mark("end", "held", seconds=LEASE + 10)
    os.killpg(worker.process.pid, signal.SIGCONT)
    rig.send("quick", "after")

    rig.wait_mark("quick", "after")
    rig.wait_empty()
    assert len(rig.marks("quick", "prefetched")) == 1
