"""Beat believes Redis about the past and never about the future."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from celery import Celery
from celery.signals import before_task_publish

from shared.adapters.beat_scheduler import ClampedScheduler

NAMES = ("often", "seldom")


@pytest.fixture
def app(adapter_shared_valkey: Any, adapter_valkey: redis.Redis) -> Celery:
    app = Celery("beat", broker="memory://", set_as_current=False)
    app.conf.update(
        redbeat_redis_url=f"redis://127.0.0.1:{adapter_shared_valkey.port}/0",
        redbeat_lock_key=None,
        beat_max_loop_interval=3,
        timezone="UTC",
        result_expires=None,
        beat_schedule={
            "often": {"task": "often", "schedule": 5.0},
            "seldom": {"task": "seldom", "schedule": 600.0},
        },
    )
    return app


@pytest.fixture
def sent() -> Iterator[list[str]]:
    found: list[str] = []

    def note(sender: str = "", **_: Any) -> None:
        found.append(sender)

    before_task_publish.connect(note)
    yield found
    before_task_publish.disconnect(note)


def a_turn(app: Celery) -> None:
    scheduler = ClampedScheduler(app, lazy=True)
    scheduler.lock_key = None
    scheduler.setup_schedule()
    scheduler.tick()


def put_ahead(client: redis.Redis, ahead: timedelta) -> None:
    """Leave what a beat leaves whose clock is so far ahead."""
    at = datetime.now(UTC) + ahead
    for name, every in zip(NAMES, (5.0, 600.0), strict=True):
        meta: Any = json.loads(client.hget(f"redbeat:{name}", "meta") or "{}")
        parts = {part: getattr(at, part) for part in ("year", "month", "day", "hour", "minute", "second")}
        meta["last_run_at"].update(parts)
        client.hset(f"redbeat:{name}", "meta", json.dumps(meta))
        client.zadd("redbeat::schedule", {f"redbeat:{name}": at.timestamp() + every})


def test_what_ran_tomorrow_is_due_now_and_runs_once(app: Celery, adapter_valkey: redis.Redis, sent: list[str]) -> None:
    a_turn(app)
    put_ahead(adapter_valkey, timedelta(days=1))
    sent.clear()

    a_turn(app)
    assert sorted(sent) == sorted(NAMES)
    a_turn(app)
    assert sorted(sent) == sorted(NAMES)


def test_a_clock_that_is_a_little_ahead_costs_nothing(
    app: Celery, adapter_valkey: redis.Redis, sent: list[str]
) -> None:
    a_turn(app)
    put_ahead(adapter_valkey, timedelta(seconds=3))
    sent.clear()

    a_turn(app)
    assert sent == []
