"""The parts of the transport, without a worker process."""

from __future__ import annotations

import ast
import itertools
import logging
import pickle
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.queue_rig import Rig, until
from shared.adapters.sqs_transport import envelope, health, transport
from shared.adapters.sqs_transport.backoff import pause
from shared.adapters.sqs_transport.batches import batches, refusals
from shared.adapters.sqs_transport.delays import delay_until, due_time, is_early
from shared.adapters.sqs_transport.delivery import Delivery, delivery_of
from shared.adapters.sqs_transport.groups import Groups
from shared.adapters.sqs_transport.hand_back import HandBack
from shared.adapters.sqs_transport.health import Health
from shared.adapters.sqs_transport.leases import Ending, Lease, LeaseTable
from shared.adapters.sqs_transport.options import Options, read_options
from shared.adapters.sqs_transport.quarantine import letter
from shared.adapters.sqs_transport.queues import Queue
from shared.adapters.sqs_transport.receiver import Receiver
from shared.adapters.sqs_transport.transport import ALIAS, register
from shared.adapters.sqs_transport.watchdog import Watchdog
from shared.kernel import loops

FIFO = Queue("q.fifo", "https://sqs/1/q.fifo")
_tags = itertools.count()


def _lease(queue: Queue = FIFO, group: str | None = "g", **changed: Any) -> Lease:
    now = time.monotonic()
    chosen = {"body": "{}", "receives": 1, "sent_at": time.time(), "attributes": {}, "received_at": now}
    tag = f"t{next(_tags)}"
    return Lease(tag, queue, f"handle-{tag}", f"id-{tag}", group=group, lease_seconds=60, **{**chosen, **changed})


def test_hand_back_crosses_processes_with_its_delay() -> None:
    copy = pickle.loads(pickle.dumps(HandBack(after=12.5, reason="busy")))
    assert (copy.after, copy.reason, copy.requeue) == (12.5, "busy", True)


def test_the_first_ending_of_a_lease_holds() -> None:
    lease = _lease()
    assert lease.begin()
    assert not lease.end(Ending.RELEASE, unless_begun=True)
    assert lease.end(Ending.DELETE)
    assert not lease.end(Ending.RELEASE)
    returned = _lease()
    assert returned.end(Ending.RELEASE, unless_begun=True)
    assert not returned.begin()


def test_a_lease_in_its_last_moments_is_not_begun() -> None:
    assert not _lease(received_at=time.monotonic() - 59.5).begin()
    assert _lease(received_at=time.monotonic() - 50).begin()


def test_leases_are_renewed_at_forty_percent_and_not_for_ever() -> None:
    now = time.monotonic()
    lease = _lease(received_at=now)
    assert not lease.is_due(now + 20)
    assert lease.is_due(now + 30)
    lease.renew_until = now + 25
    assert not lease.is_due(now + 30)
    old = _lease(received_at=now - 43_200)
    assert not old.is_due(now)


def test_groups_run_one_at_a_time_and_come_back_together() -> None:
    groups = Groups()
    first, second, third = _lease(), _lease(), _lease()
    other, free = _lease(group="h"), _lease(Queue("q", "https://sqs/1/q"))
    assert groups.enter(first)
    assert not groups.enter(second)
    assert not groups.enter(third)
    assert groups.enter(other)
    assert groups.enter(free)
    assert groups.leave(first) is second
    assert groups.enter(second)
    assert groups.dissolve(second) == [third]
    assert groups.leave(second) is None
    assert groups.enter(_lease())


def test_waiting_members_take_no_prefetch_room() -> None:
    table, groups = LeaseTable(), Groups()
    leases = [_lease() for _ in range(3)]
    table.add(leases)
    for lease in leases:
        groups.enter(lease)
    assert (table.held(), table.waiting()) == (1, 2)
    leases[0].end(Ending.DELETE)
    assert table.held() == 0


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(envelope.Unreadable):
        envelope.read(text)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(), st.recursive(st.none() | st.text() | st.integers(), st.lists)))
def test_no_object_breaks_the_reader(value: dict[str, Any]) -> None:
    with pytest.raises(envelope.Unreadable):
        envelope.read(envelope.write({"headers": value, "properties": value, "body": value}))


def test_a_sender_cannot_forge_its_delivery() -> None:
    opened = {"headers": {"sqs": {"receives": 99}}, "properties": {}, "body": ""}
    delivery = delivery_of(envelope.address(opened, _lease(receives=3), 60)["headers"])
    assert (delivery.receives, delivery.group, delivery.lease_seconds) == (3, "g", 60)
    assert delivery_of({}) == Delivery()


def test_delays_round_up_and_end_at_the_ceiling() -> None:
    assert delay_until(10.2, 0, 900) == 11
    assert delay_until(5000, 0, 900) == 900
    assert delay_until(1, 2, 900) == 0
    soon = datetime.now(UTC) + timedelta(seconds=60)
    assert due_time({"eta": soon.isoformat()}) == pytest.approx(soon.timestamp())
    assert due_time({"eta": soon.replace(tzinfo=None).isoformat()}) == pytest.approx(soon.timestamp())
    assert due_time({"eta": "nonsense"}) is None
    assert is_early({"headers": {"eta": soon.isoformat()}}, time.time())


def test_batches_keep_to_count_and_bytes() -> None:
    assert [len(batch) for batch in batches(range(25))] == [10, 10, 5]
    assert [list(batch) for batch in batches([4, 4, 9, 1], lambda size: size, 9)] == [[4, 4], [9], [1]]
    assert refusals({}, 2) == {0: {"Code": "NoAnswer"}, 1: {"Code": "NoAnswer"}}
    assert refusals({"Successful": [{"Id": "0"}], "Failed": [{"Id": "1", "Code": "X"}]}, 2)[1]["Code"] == "X"


def test_pauses_grow_spread_and_end() -> None:
    assert all(0.25 <= pause(1) <= 0.5 for _ in range(50))
    assert all(15 <= pause(10_000) <= 30 for _ in range(50))


def test_letters_are_what_sqs_takes() -> None:
    entry = letter(_lease(attributes={"trace": {"DataType": "String", "StringValue": "1"}}), "poison", "a\x00b\n" * 400)
    assert entry["MessageAttributes"]["dl_error"]["StringValue"].startswith("a b")
    assert len(entry["MessageAttributes"]["dl_error"]["StringValue"]) <= 512
    assert entry["MessageAttributes"]["trace"]["StringValue"] == "1"
    assert entry["MessageDeduplicationId"]
    assert entry["MessageGroupId"] == "g"
    assert FIFO.dead_letters == Queue("q-dlq.fifo", "https://sqs/1/q-dlq.fifo")


def test_options_are_checked(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="lease_seconds"):
        Options(lease_seconds=0)
    with pytest.raises(ValueError, match="wait_time_seconds"):
        Options(wait_time_seconds=21)
    with caplog.at_level(logging.WARNING):
        assert read_options({"lease_second": 5, "region": "r"}).region == "r"
    assert "lease_second" in caplog.text


def test_the_package_stands_alone() -> None:
    """The folder needs one other file of this repository: the one that watches its threads."""
    folder = Path(transport.__file__).parent
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.level < 2, file
                assert (node.module or "").split(".")[0] != "shared" or node.module == loops.__name__, file
    assert "shared" not in Path(loops.__file__).read_text()
    assert len((folder / "__init__.py").read_text().splitlines()) == 1


def test_register_gives_the_address() -> None:
    assert register() == f"{ALIAS}://sqs"


def _drain(connection: Any) -> bool:
    connection.drain_events(timeout=5)
    return True


def test_crash_loop_is_set_aside_with_its_reason(make_rig: Callable[..., Rig]) -> None:
    """Consumed through plain kombu: no event loop, no Celery worker. Received twice and never finished is enough."""
    rig = make_rig(wait_seconds=1, options={"max_receives": 2})
    rig.send("quick", "looping")
    for _ in range(2):
        rig.emulator.call("ReceiveMessage", QueueUrl=f"{rig.emulator.url}/123456789012/q", VisibilityTimeout=0)
    rig.send("quick", "sound")
    got: list[Any] = []
    with (
        rig.app.connection_for_read() as connection,
        connection.Consumer(rig.app.amqp.queues["q"], on_message=got.append, accept=["json"]),
    ):
        until(lambda: _drain(connection) and got, 10, "a message")
        assert [one.headers["sqs"]["receives"] for one in got] == [1]
        assert {one.queue for one in health.queue_health()} >= {"q"}
        got[0].ack()
        until(lambda: rig.emulator.letters("q-dlq"), 10, "the letter")
    assert rig.emulator.letters("q-dlq")[0]["dl_reason"] == "crash_loop"
    assert rig.emulator.letters("q-dlq")[0]["dl_receives"] == "3"
    assert rig.is_empty()


def _listen(rig: Rig) -> tuple[Health, Receiver, Options]:
    options = Options(endpoint_url=rig.emulator.url, region="us-east-1", wait_time_seconds=1, deaf_seconds=0.6)
    queue = Queue("q", f"{rig.emulator.url}/123456789012/q")
    known = Health()
    receiver = Receiver(
        queue, options, LeaseTable(), known, prefetch=lambda: 10, arrived=lambda _: None, unwanted=lambda _: None
    )
    receiver.start()
    return known, receiver, options


def test_a_deaf_consumer_is_noticed(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig()
    rig.emulator.control("fault", action="ReceiveMessage", kind="500", times=1000)
    rig.send("quick", "unheard")
    known, receiver, options = _listen(rig)
    ended = threading.Event()
    deaf = Options(**{**vars(options), "end_when_deaf": True})
    watchdog = Watchdog(deaf, known, lambda: [receiver], ended.set)
    assert ended.wait(60)
    assert known.queues()[0].seconds_since_receive > 0.6
    receiver.stop()
    watchdog.close()


def test_of_one_queue_no_more_is_held_than_its_share(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig()
    for number in range(5):
        rig.send("quick", number)
    table, arrived = LeaseTable(), []
    options = Options(endpoint_url=rig.emulator.url, region="us-east-1", wait_time_seconds=1)
    queue = Queue("q", f"{rig.emulator.url}/123456789012/q", at_once=2)
    receiver = Receiver(
        queue, options, table, Health(), prefetch=lambda: 10, arrived=arrived.extend, unwanted=lambda _: None
    )
    receiver.start()
    for held in (2, 3, 4, 5):
        until(lambda wanted=held: len(arrived) == wanted, 10, f"{held} have arrived")
        assert table.held_of("q") <= 2
        next(lease for lease in arrived if lease.ending is None).end(Ending.DELETE)
        table.freed()
    receiver.stop()


def test_an_outage_is_not_deafness(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig()
    rig.send("quick", "waiting")
    rig.emulator.control("fault", action="*", kind="503", times=1000)
    known, receiver, options = _listen(rig)
    ended = threading.Event()
    watchdog = Watchdog(Options(**{**vars(options), "end_when_deaf": True}), known, lambda: [receiver], ended.set)
    until(lambda: known.counters().get("receive_failures", 0) >= 3, 10, "three receives failed")
    rig.emulator.control("reset")
    until(lambda: known.counters().get("messages"), 15, "it hears again")
    assert not ended.is_set()
    receiver.stop()
    watchdog.close()
