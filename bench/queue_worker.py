"""The Celery app of the benchmark and of the conformance suite: either transport, chosen by one environment variable.

Its tasks leave marks in a file, one line each, which survive whatever happens to the process.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

from celery import Celery, Task
from celery.exceptions import Ignore
from celery.signals import worker_ready
from kombu import Queue

from shared.adapters.sqs_transport.deadlines import deadline
from shared.adapters.sqs_transport.delivery import delivery_of
from shared.adapters.sqs_transport.hand_back import FINISHED, HandBack, Settled
from shared.adapters.sqs_transport.transport import register

SETTING = "QUEUE_WORKER"
ENDINGS: dict[str, BaseException] = {
    "bug": RuntimeError("a bug"),
    "exit": SystemExit("a setting is wrong"),
    "memory": MemoryError(),
    "ignored": Ignore(),
    "settled": Settled("its failure is recorded"),
}


@dataclass(frozen=True, kw_only=True)
class Setup:
    """Which transport, where, and how it is set."""

    url: str
    marks: str
    transport: str = "ours"
    queues: tuple[str, ...] = ("q",)
    lease_seconds: int = 60
    wait_seconds: int = 5
    prefetch: int = 4
    pool: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def environment(self) -> dict[str, str]:
        """The environment for a process that uses it; the credentials are the emulator's, which takes any."""
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
        return {**os.environ, **keys, SETTING: json.dumps(asdict(self))}


def build(setup: Setup) -> Celery:
    """The app for a setup, with at-least-once settings on either transport."""
    app = Celery("queue_worker", set_as_current=False)
    ours = setup.transport == "ours"
    addresses = {name: {"url": f"{setup.url}/123456789012/{name}"} for name in setup.queues}
    both = {"region": "us-east-1", "predefined_queues": addresses, "wait_time_seconds": setup.wait_seconds}
    own = {"endpoint_url": setup.url, "lease_seconds": setup.lease_seconds}
    stock = {"is_secure": False, "visibility_timeout": setup.lease_seconds, "polling_interval": 0}
    host = setup.url.removeprefix("http://")
    app.conf.update(
        broker_url=register() if ours else f"sqs://test:test@{host}//",
        broker_transport_options={**both, **(own if ours else stock), **setup.options},
        broker_connection_retry_on_startup=True,
        task_queues=[Queue(name) for name in setup.queues],
        task_default_queue=setup.queues[0],
        task_create_missing_queues=False,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=setup.prefetch,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=True,
    )
    if ours:
        app.conf.task_acks_on_timeout = False
        app.conf.worker_consumer = "shared.adapters.sqs_transport.consumer:Consumer"
    if setup.pool:
        app.conf.worker_pool = setup.pool
    app.conf.update(setup.settings)
    return app


_setup = (
    Setup(**json.loads(os.environ[SETTING])) if SETTING in os.environ else Setup(url="http://127.0.0.1:1", marks="")
)
app = build(_setup)


def mark(*words: object) -> None:
    """Leave a line: time, process, words. One write, so lines of several processes do not mix."""
    line = " ".join(str(word) for word in (round(time.time(), 3), os.getpid(), *words))
    with Path(_setup.marks).open("a") as file:
        file.write(line + "\n")


@worker_ready.connect(weak=False)
def note_ready(sender: Any, **_: Any) -> None:
    """Leave a mark when the worker consumes."""
    mark("ready", sender.hostname)


def task(**options: Any) -> Callable[[Callable[..., None]], Task[Any, Any]]:
    """Make a task of a function, which says that it has ended when the function returns."""

    def make(work: Callable[..., None]) -> Task[Any, Any]:
        @wraps(work)
        def run(*args: Any, **named: Any) -> str:
            work(*args, **named)
            return FINISHED

        made: Task[Any, Any] = app.task(**options)(run)
        return made

    return make


@task(name="noop")
def noop(*_: Any) -> None:
    """Do nothing."""


@task(name="quick", bind=True)
def quick(self: Task[Any, Any], name: str) -> None:
    """Leave one mark, with what the delivery says."""
    delivery = delivery_of(self.request)
    mark("quick", name, delivery.receives, delivery.group, delivery.queue_seconds, delivery.lease_seconds)


@task(name="slow")
def slow(name: str, seconds: float) -> None:
    """Leave a mark before and after sleeping."""
    mark("begin", name)
    time.sleep(seconds)
    mark("end", name)


@task(name="again", bind=True)
def again(self: Task[Any, Any], name: str, times: int, after: float) -> None:
    """Ask to come back so many times, then leave the last mark."""
    receives = delivery_of(self.request).receives
    mark("again", name, receives)
    if receives <= times:
        raise HandBack(after=after, reason="not yet")
    mark("done", name)


@task(name="die", bind=True)
def die(self: Task[Any, Any], name: str, times: int) -> None:
    """Kill the process that runs it, the first so many times."""
    receives = delivery_of(self.request).receives
    mark("die", name, receives)
    if receives <= times:
        os.kill(os.getpid(), signal.SIGKILL)


@task(name="member", bind=True)
def member(self: Task[Any, Any], group: str, number: int, fail_at: int = -1) -> None:
    """One of an ordered group; one of them fails twice first."""
    if number == fail_at and delivery_of(self.request).receives < 3:
        mark("fail", group, number)
        raise HandBack(after=0)
    mark("member", group, number)
    time.sleep(random.random() * 0.02)
    mark("over", group, number)


@task(name="big")
def big(name: str, text: str) -> None:
    """Leave a mark with the size of what arrived."""
    mark("big", name, len(text), text[:1])


@task(name="limited", time_limit=2)
def limited(name: str, seconds: float) -> None:
    """Leave a mark with the seconds left until the deadline, then sleep."""
    end = deadline()
    mark("begin", name, None if end is None else round(end - time.monotonic(), 1))
    time.sleep(seconds)
    mark("end", name)


@app.task(name="ends", bind=True)
def ends(self: Task[Any, Any], name: str, how: str) -> str | None:
    """End as it is told at the first receive, and well at the second."""
    mark("ends", name, delivery_of(self.request).receives)
    if delivery_of(self.request).receives > 1:
        return FINISHED
    if how in ENDINGS:
        raise ENDINGS[how]
    return None if how == "silent" else how


@task(name="fan")
def fan(name: str, count: int) -> None:
    """Send further tasks from within a task."""
    for number in range(count):
        quick.apply_async((f"{name}-{number}",))


for name in _setup.unknown:
    app.tasks.unregister(name)
