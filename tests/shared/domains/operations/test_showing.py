from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.memory.kernel import MemoryMetrics, SetClock
from shared.adapters.memory.operations import MemoryOperations, MemoryPublished, MemoryQueueDepths
from shared.domains.operations.contract import QueueItem
from shared.domains.operations.models import Letters, ProblemKind, QueueDepth, Sample, Trend, WorkerSign
from shared.domains.operations.rules.finding import Questions, find_out
from shared.domains.operations.rules.judging import Findings, numbers_of, problems, show_status, worst_problem
from shared.domains.operations.rules.polling import QueuePoller
from shared.domains.operations.rules.showing import show_queues, show_workers
from shared.kernel.errors import Unavailable
from shared.kernel.queues import Queue
from shared.kernel.times import timestamp


def depth(queue: str = "tts", visible: int = 0, **fields: object) -> QueueDepth:
    return QueueDepth.model_validate({"queue": queue, "visible": visible, "in_flight": 0} | fields)


def sign(name: str, *queues: str) -> WorkerSign:
    at = "2026-01-02T03:04:05.000000Z"
    return WorkerSign(
        name=name, host="h", pid=1, queues=list(queues), pool="threads", places=4, running=1, done=7, version="1",
        started_at=at, heard_at=at,
    )  # fmt: skip


class World:
    def __init__(self) -> None:
        self.clock = SetClock()
        self.operations = MemoryOperations(self.clock)
        self.published = MemoryPublished()
        self.depths = MemoryQueueDepths([depth(queue.value) for queue in Queue])

    def sample(self, visible: int, seconds_ago: float) -> None:
        at = self.clock.now().timestamp() - seconds_ago
        self.operations.note(Sample(at=at, queues=[depth("tts", visible)]))

    def tts(self) -> QueueItem:
        found = show_queues(depths=self.depths, history=self.operations, signs=self.operations, clock=self.clock)
        return next(one for one in found.queues if one.queue == "tts")


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(
    ("before", "now", "trend", "change"),
    [(10, 40, Trend.RISING, 15.0), (40, 10, Trend.FALLING, -15.0), (10, 11, Trend.STEADY, 0.5)],
)
def test_a_trend_is_what_changed_of_late(world: World, before: int, now: int, trend: Trend, change: float) -> None:
    world.sample(900, seconds_ago=800)
    world.sample(before, seconds_ago=120)
    world.sample(now, seconds_ago=0)

    assert (world.tts().trend, world.tts().change_per_minute) == (trend, change)
    assert world.depths.reads == 0


def test_without_news_sqs_is_asked_and_the_trend_unknown(world: World) -> None:
    world.depths.depths = [depth("tts", 3, oldest_seconds=8.0, dead=2)]
    item = world.tts()

    assert (item.depth, item.oldest_seconds, item.trend) == (3, 8.0, Trend.UNKNOWN)
    assert (item.dead_letter_queue, item.dead_letters) == ("tts-dlq", 2)
    world.operations.is_away = True
    assert world.tts().depth == 3
    world.depths.is_away = True
    with pytest.raises(Unavailable):
        world.tts()


def test_workers_are_those_that_told_of_late_and_a_queue_without_one_is_named(world: World) -> None:
    world.operations.tell(sign("tts", "tts"), keep_seconds=30)
    world.operations.tell(sign("gone", "speech"), keep_seconds=1)
    world.clock.sleep(5)
    found = show_workers(signs=world.operations)

    assert [one.name for one in found.workers] == ["tts"]
    assert "speech" in found.unattended
    assert "tts" not in found.unattended
    assert world.tts().workers == 1


def poller(world: World, name: str) -> QueuePoller:
    return QueuePoller(
        name,
        depths=world.depths,
        history=world.operations,
        signs=world.operations,
        letters=lambda: Letters({"open": 2}, {"f1": 2}),
        schedules=dict,
        published=world.published,
        clock=world.clock,
    )


def test_one_of_several_polls_until_it_is_gone(world: World) -> None:
    one, other = poller(world, "one"), poller(world, "other")
    one.look()
    other.look()
    assert world.depths.reads == 1
    world.clock.sleep(60)
    other.look()
    one.look()
    assert world.depths.reads == 2
    world.operations.is_away = True
    one.look()
    other.look()
    assert world.depths.reads == 4


def test_what_is_old_is_told_no_more(world: World) -> None:
    metrics, one = MemoryMetrics(), poller(world, "one")
    one.tell(metrics)
    one.look()
    told = {tuple(labels.values()): value for labels, value in metrics.watched["queue_messages"]()}
    assert told["tts", "visible"] == told["tts-dlq", "visible"] == 0
    assert list(metrics.watched["letters"]()) == [({"state": "open"}, 2)]
    world.clock.at += timedelta(seconds=90)
    for name in ("queue_messages", "letters", "queues_polled_timestamp_seconds"):
        assert list(metrics.watched[name]()) == []


def judged(world: World, **fields: object) -> Findings:
    for queue in Queue:
        world.operations.tell(sign(queue.value, queue.value), keep_seconds=900)
    queues = show_queues(depths=world.depths, history=world.operations, signs=world.operations, clock=world.clock)
    given = {
        "queues": queues,
        "workers": show_workers(signs=world.operations),
        "connections": 3,
        "gateways": 1,
        "letters": {"open": 0, "parked": 0},
    }
    return Findings(**given | fields)  # type: ignore[arg-type]


def test_a_well_platform_has_five_numbers_and_no_problem(world: World) -> None:
    found = judged(world)

    assert worst_problem(found) is None
    told = numbers_of(found)
    assert (told.connections, told.workers, told.waiting, told.oldest_seconds, told.letters) == (
        3,
        len(Queue),
        0,
        0.0,
        0,
    )


def test_the_worst_problem_comes_first(world: World) -> None:
    world.depths.depths = [depth("tts", 9, oldest_seconds=200.0), depth("persistence", 9, oldest_seconds=31.0)]
    found = judged(world, letters={"open": 1, "parked": 1}, gateways=0, silent=["Redis"], late=["messages.sweep"])
    told = list(problems(found))

    assert [word in one.text.en for word, one in zip(
        ("Redis does not answer", "No gateway", "messages.sweep late", "waited on tts for 200 s", "on persistence",
         "2 dead letters are unsettled"), told, strict=True)] == [True] * 6  # fmt: skip


def test_a_queue_to_which_nobody_listens_is_named_with_what_waits(world: World) -> None:
    world.depths.depths = [depth("speech", 4)]
    found = judged(world)
    found = Findings(queues=found.queues, workers=show_workers(signs=MemoryOperations(world.clock)), gateways=1)

    worst = worst_problem(found)
    assert worst is not None
    assert worst.text.en == (
        "4 jobs wait on speech and no worker listens to it: start one with `-Q speech` (see the Procfile)."
    )
    assert show_status(found, "ko").problems[0].sentence == worst.text.ko


def questions(world: World, **asked: Callable[[], Any]) -> Questions:
    signs = world.operations
    given: dict[str, Callable[[], Any]] = {
        "queues": lambda: show_queues(depths=world.depths, history=signs, signs=signs, clock=world.clock),
        "workers": lambda: show_workers(signs=signs),
        "connections": lambda: (3, 1),
        "letters": lambda: {"open": 2},
        "late": list,
    }
    return Questions(**given | asked)


def test_a_worker_that_is_silent_is_named_before_what_waits_and_is_not_counted(world: World) -> None:
    world.depths.depths = [depth("tts", 9, oldest_seconds=200.0)]
    for seconds, name in ((12, "new"), (13.5, "stopped")):
        heard = timestamp(world.clock.now() - timedelta(seconds=seconds))
        world.operations.tell(sign(name, *Queue).model_copy(update={"heard_at": heard}), keep_seconds=900)
    found = find_out(questions(world), clock=world.clock)

    assert numbers_of(found).workers == 1
    assert [one.kind for one in problems(found)] == [
        ProblemKind.SILENT_WORKER, ProblemKind.WAITS_LONG, ProblemKind.LETTERS
    ]  # fmt: skip
    worst = worst_problem(found)
    assert worst is not None
    assert worst.text.en.startswith("stopped has been silent for 14 s; its task goes on elsewhere")


def test_what_does_not_answer_is_named_once_and_keeps_nothing_else_from_being_found_out(world: World) -> None:
    def away() -> Any:
        raise Unavailable("gone")

    found = find_out(questions(world, letters=away, late=away, workers=away), clock=world.clock)

    assert found.silent == ["DynamoDB", "Redis"]
    assert (numbers_of(found).connections, numbers_of(found).letters, numbers_of(found).workers) == (3, None, None)


def test_what_nobody_could_tell_is_no_number() -> None:
    told = numbers_of(Findings(silent=["SQS"]))

    assert (told.connections, told.waiting, told.letters) == (None, None, None)


def test_letters_are_published_once_a_minute_and_what_cannot_be_costs_nothing_else(world: World) -> None:
    metrics, one = MemoryMetrics(), poller(world, "one")
    one.tell(metrics)
    world.published.is_away = True
    one.look()
    assert list(metrics.watched["letters"]()) == [({"state": "open"}, 2)]
    world.published.is_away = False
    one.look()
    assert world.published.letters == []
    world.clock.sleep(60)
    one.look()
    assert world.published.letters == [Letters({"open": 2}, {"f1": 2})]
