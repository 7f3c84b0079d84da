"""The outbox: bounded, in the background, alive after forks and in gevent."""

import os
import subprocess
import sys
import threading
import time

import pytest
import redis
from celery import Celery

from shared.adapters.monitoring.application import install
from shared.adapters.monitoring.bus import Bus
from shared.adapters.monitoring.options import MonitoringOptions
from shared.adapters.monitoring.outbox import Outbox

GATEWAY = """
from gevent import monkey
monkey.patch_all()
import sys
import gevent
from shared.adapters.monitoring.application import install
from shared.adapters.monitoring.options import MonitoringOptions
from celery import Celery
app = install(Celery("gateway", broker="memory://"), MonitoringOptions(redis_url=sys.argv[1], key_prefix="gateway."))
turns = []
def count():
    while True:
        turns.append(1)
        gevent.sleep(0.001)
gevent.spawn(count)
for number in range(5):
    app.send_task("a.task", (number,))
assert app.events and app.amqp._event_dispatcher.bus.outbox.flush(5)
assert turns
"""


@pytest.fixture
def options(redis_server):
    return MonitoringOptions(redis_url=redis_server.url, key_prefix="outbox.", redis_timeout=1.0)


@pytest.fixture
def away():
    return MonitoringOptions(redis_url="redis://127.0.0.1:1/0", redis_timeout=0.2, outbox_limit=10)


def test_what_was_queued_is_sent_in_order(options):
    outbox, seen = Bus(options).outbox, []
    for number in range(100):
        outbox.put(lambda producer, number=number: seen.append(number))

    assert outbox.flush(5)
    assert seen == list(range(100))


def test_the_oldest_is_dropped_and_counted(away):
    outbox = Bus(away).outbox

    for _ in range(1000):
        outbox.put(lambda producer: None)

    assert outbox.figures()["waiting"] <= 10
    assert outbox.dropped >= 989


def test_putting_never_waits_for_redis(away):
    outbox = Bus(away).outbox
    began = time.monotonic()

    for _ in range(10_000):
        outbox.put(lambda producer: None)

    assert time.monotonic() - began < 1


def test_the_urgent_goes_first(options):
    outbox, seen, gate = Bus(options).outbox, [], threading.Event()
    outbox.put(lambda producer: gate.wait(60))
    outbox.put(lambda producer: seen.append("event"))
    outbox.put(lambda producer: seen.append("answer"), urgent=True)
    gate.set()

    assert outbox.flush(5)
    assert seen == ["answer", "event"]


def test_what_cannot_be_encoded_holds_up_nothing(options):
    outbox = Bus(options).outbox
    outbox.put(lambda producer: producer.publish({"unknown": object()}, serializer="json"))

    assert outbox.flush(5)
    assert outbox.dropped == 1


def test_what_breaks_a_good_connection_is_given_up(options):
    outbox, tries = Outbox(Bus(options).connection, 10, grace=0), []

    def break_it(producer):
        tries.append(producer)
        raise OSError("broken")

    outbox.put(break_it)

    assert outbox.flush(10)
    assert len(tries) == 3


def test_a_broken_sending_is_repeated(options):
    outbox, tries = Outbox(Bus(options).connection, 10, grace=0), []

    def break_once(producer):
        tries.append(producer)
        if len(tries) == 1:
            raise OSError("broken")

    outbox.put(break_once)

    assert outbox.flush(10)
    assert outbox.dropped == 0


def test_the_child_of_a_fork_has_an_outbox_of_its_own(options):
    outbox = Bus(options).outbox
    outbox.put(lambda producer: None)
    assert outbox.flush(5)

    child = os.fork()
    if child == 0:
        fresh = outbox.figures()["sent"] == 0
        os._exit(0 if fresh and outbox.flush(5) else 1)

    assert os.waitpid(child, 0)[1] == 0
    assert outbox.flush(5)


def test_a_gateway_under_gevent_sends_and_its_loop_runs_on(redis_server):
    command = [sys.executable, "-c", GATEWAY, redis_server.url]
    with redis.Redis.from_url(redis_server.url) as client, client.pubsub() as events:
        events.psubscribe("gateway.*/task.sent")
        assert events.get_message(timeout=30)["type"] == "psubscribe"

        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

        assert done.returncode == 0, done.stderr
        assert [events.get_message(timeout=30)["type"] for _ in range(5)] == ["pmessage"] * 5


def test_sending_a_task_opens_no_connection_for_its_event(away):
    app = install(Celery("producer", broker="memory://", set_as_current=False), away)

    app.send_task("a.task", (1,))

    assert app.amqp._event_dispatcher.connection is None
    app.close()


def test_an_outbox_that_never_connects_loses_nothing_below_its_limit():
    def refuse():
        raise OSError("no Redis")

    outbox = Outbox(refuse, limit=10)
    for _ in range(9):
        outbox.put(lambda producer: None)

    assert not outbox.flush(0.1)
    assert outbox.figures() == {"connected": False, "waiting": 10, "sent": 0, "dropped": 0}
