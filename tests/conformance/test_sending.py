"""Sending: from threads and greenlets, of any size that SQS takes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from kombu.exceptions import OperationalError

from bench.minisqs.emulator import ROOT
from bench.queue_rig import Rig
from shared.adapters.sqs_transport.errors import SendFailed, UnknownQueue
from shared.adapters.sqs_transport.queues import find_queue

FAST = {"connect_timeout_seconds": 1, "call_timeout_seconds": 1, "call_attempts": 1}

WITHOUT_PYCURL = """
import sys

class Refuse:
    def find_spec(self, name, *_):
        if name.split(".")[0] in ("pycurl", "urllib3_curl"):
            raise ImportError(f"{name} must not be imported")

sys.meta_path.insert(0, Refuse())
from bench.queue_worker import app, quick
from celery.worker import WorkController
quick.delay("sent")
import shared.adapters.sqs_transport.pool, shared.adapters.sqs_transport.consumer
with app.connection_for_read() as connection:
    got = []
    consumer = connection.Consumer(app.amqp.queues["q"], on_message=got.append, accept=["json"])
    with consumer:
        connection.drain_events(timeout=5)
    got[0].ack()
assert not [name for name in sys.modules if "curl" in name and "pycurl" in name], sys.modules
print("fine", got[0].headers["task"])
"""

FROM_GREENLETS = """
from gevent import monkey
monkey.patch_all()
import gevent, time
from bench.queue_worker import quick
turns = 0
def tick():
    global turns
    while True:
        gevent.sleep(0.005)
        turns += 1
ticker = gevent.spawn(tick)
jobs = [gevent.spawn(quick.delay, str(number)) for number in range(60)]
gevent.joinall(jobs, raise_error=True)
print("turns", turns)
assert turns > 3, "a send blocked the loop"
"""


def _run(rig: Rig, code: str) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=rig.setup.environment(), cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_never_imports_pycurl(make_rig: Callable[..., Rig]) -> None:
    """Sends, receives and acknowledges in a process that cannot import it."""
    rig = make_rig(wait_seconds=1)
    assert "fine quick" in _run(rig, WITHOUT_PYCURL)
    assert rig.is_empty()


def test_greenlets_send_side_by_side(make_rig: Callable[..., Rig]) -> None:
    """A monkey-patched gateway: no hub, no threads of ours, and the loop turns while sends wait."""
    rig = make_rig(latency_ms=30, settings={"broker_pool_limit": 20})
    _run(rig, FROM_GREENLETS)
    assert rig.emulator.counts("q")["ready"] == 60


def test_threads_send_side_by_side(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: rig.send("quick", str(number)), range(80)))
    assert rig.emulator.counts("q")["ready"] == 80


def test_a_send_that_fails_says_so(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(options=FAST)
    for kind in ("503", "close", "hang", "throttled"):
        rig.emulator.control("fault", action="SendMessage", kind=kind)
        with pytest.raises(SendFailed):
            rig.send("quick", kind)
    assert issubclass(SendFailed, OperationalError)
    with pytest.raises(UnknownQueue, match="nowhere"):
        find_queue("nowhere", {"q": {"url": "u"}})


def test_argument_sizes(make_rig: Callable[..., Rig], transport: str) -> None:
    """Text of any length and script arrives whole."""
    rig = make_rig(transport=transport, wait_seconds=1)
    rig.start(concurrency=1)
    cases = [(size, letter) for size in (300, 48_000, 140_000) for letter in "a한"]
    for size, letter in cases:
        rig.send("big", f"{size}{letter}", letter * size, argsrepr="-", kwargsrepr="-")

    for size, letter in cases:
        assert rig.wait_mark("big", f"{size}{letter}")[0][4:] == [str(size), letter]


def test_message_size(make_rig: Callable[..., Rig]) -> None:
    """A small task and a large one, as they lie in the queue."""
    rig = make_rig()
    rig.send("quick", "x")
    rig.send("big", "x", "a" * 48_000, argsrepr="-", kwargsrepr="-")
    small, large = (len(m["body"]) for m in rig.emulator.control("contents", queue="q")["messages"])
    assert small < 900
    assert large < 1.05 * 48_000
    body = rig.emulator.control("contents", queue="q")["messages"][0]["body"]
    assert json.loads(body)["headers"]["task"] == "quick"
