import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.memory.dead_letters import MemoryLetters, MemoryPayloads, MemoryRedriveQueues
from shared.adapters.memory.kernel import MemoryJobs, MemoryMetrics, SetClock
from shared.catalogue import job_type_of
from shared.domains.dead_letters.contract import (
    Letter,
    ParkMessage,
    ReplayDeadLetters,
    RouteDeadLetter,
    SweepRedriveQueues,
)
from shared.domains.dead_letters.models import DeadLetter, Death, LetterState, Redriven
from shared.domains.dead_letters.rules import parking, routing, sweeping
from shared.domains.messages.contract import StoreMessages
from shared.kernel.claims import pointer
from shared.kernel.errors import Unavailable
from shared.kernel.foreign import storable_id
from shared.kernel.ports import StoredJob
from shared.kernel.queues import Queue
from shared.kernel.times import instant, timestamp
from tests.builders import a_message

STORE = StoreMessages.name
TRACEBACK = """Traceback (most recent call last):
  File "/app/a.py", line 1, in run
    store()
  File "/app/b.py", line 2, in store
    raise ValueError("secret words")
ValueError: secret words
"""


@dataclass
class Failures:
    failed: list[tuple[str, str]] = field(default_factory=list)

    def fail(self, job_id: str, error: str) -> None:
        self.failed.append((job_id, error))


@dataclass
class World:
    clock: SetClock = field(default_factory=SetClock)
    letters: MemoryLetters = field(default_factory=MemoryLetters)
    payloads: MemoryPayloads = field(default_factory=MemoryPayloads)
    metrics: MemoryMetrics = field(default_factory=MemoryMetrics)
    failures: Failures = field(default_factory=Failures)
    queues: MemoryRedriveQueues = field(default_factory=MemoryRedriveQueues)
    jobs: MemoryJobs = field(default_factory=MemoryJobs)

    def route(self, **fields: Any) -> DeadLetter:
        letter = a_death(**fields)
        routing.route_dead_letter(
            RouteDeadLetter.read(RouteDeadLetter(letter=letter).wire()),
            letters=self.letters,
            payloads=self.payloads,
            job_types=job_type_of,
            failures=self.failures,
            metrics=self.metrics,
            clock=self.clock,
        )
        return self.letters.letters[storable_id(letter.job_id)]

    def sweep(self) -> list[Letter]:
        job = SweepRedriveQueues()
        try:
            sweeping.sweep_redrive_queues(job, redrive_queues=self.queues, jobs=self.jobs, clock=self.clock)
        finally:
            reported = [job.letter for job in self.jobs.jobs if isinstance(job, RouteDeadLetter)]
        return reported


def a_death(**fields: Any) -> Letter:
    given = {
        "job_id": "j1",
        "task": STORE,
        "queue": "persistence",
        "death": Death.FAILED,
        "error": "ValueError: secret words",
        "traceback": TRACEBACK,
        "attempts": 3,
        "arguments": StoreMessages(messages=[a_message()]).wire(),
        "first_at": "2026-01-02T03:00:00.000000Z",
        "last_at": "2026-01-02T03:04:00.000000Z",
    }
    return Letter(**(given | fields))


def lying(
    message_id: str = "m1", *, queue: Queue = Queue.PERSISTENCE, readable: bool = True, **fields: Any
) -> Redriven:
    arguments = StoreMessages(messages=[a_message()]).wire()
    job = StoredJob("j1", STORE, queue.value, arguments, "g", replays=2, correlation_id="c") if readable else None
    sent_at = instant("2026-01-02T03:00:00.000000Z")
    message = Redriven(queue, f"receipt-{message_id}", message_id, "<body/>", sent_at, receives=11, job=job, group="g")
    return message._replace(**fields)


@pytest.fixture
def world() -> World:
    return World()


def test_a_death_is_recorded_counted_and_told_once(world: World) -> None:
    letter = world.route()
    again = world.route(last_at="2026-01-02T03:05:00.000000Z")

    assert again == letter
    assert (letter.state, letter.task, letter.attempts) == (LetterState.OPEN, STORE, 3)
    assert world.metrics.counts == {("dead_letters", STORE, "persistence", "failed"): 1}
    assert set(world.failures.failed) == {("j1", "INTERNAL_SERVER_ERROR")}


def test_deaths_of_one_cause_have_one_fingerprint(world: World) -> None:
    first = world.route()
    other_words = world.route(job_id="j2", error="ValueError: other words")
    elsewhere = world.route(job_id="j3", traceback=TRACEBACK.replace("/app/b.py", "/app/c.py"))
    other_error = world.route(job_id="j4", error="KeyError('x')")
    without_place = world.route(job_id="j5", traceback="")
    unknown = world.route(job_id="j6", task=None, traceback="", error="", arguments=None)

    prints = [one.fingerprint for one in (first, other_words, elsewhere, other_error, without_place, unknown)]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 5


@pytest.mark.parametrize(
    ("replays", "after"), [(0, timedelta(minutes=15)), (1, timedelta(hours=1)), (2, timedelta(hours=4)), (3, None)]
)
def test_what_passes_replays_by_itself_at_growing_intervals_and_three_times(
    world: World, replays: int, after: timedelta | None
) -> None:
    expected = timestamp(world.clock.at + after + timedelta(microseconds=1)) if after else None

    letter = world.route(is_transient=True, replays=replays)

    assert letter.state is LetterState.OPEN
    assert letter.replay_at == expected
    assert world.letters.scheduled == ({"j1": expected} if expected else {})
    assert world.failures.failed == [("j1", "UNAVAILABLE")]


def test_what_does_not_pass_and_what_has_no_such_policy_waits_for_a_person(world: World) -> None:
    world.route()
    world.route(job_id="j2", task=ReplayDeadLetters.name, is_transient=True)
    world.route(job_id="j3", task="nobody.knows", is_transient=True)

    assert world.letters.scheduled == {}
    assert {one.state for one in world.letters.letters.values()} == {LetterState.OPEN}


@pytest.mark.parametrize("death", [Death.WITHDRAWN, Death.VANISHED])
def test_whoever_waits_for_what_met_no_fault_may_ask_again(world: World, death: Death) -> None:
    world.route(death=death)

    assert [error for _, error in world.failures.failed] == ["UNAVAILABLE"]


def test_half_a_character_does_not_keep_a_letter_from_being_stored(world: World) -> None:
    letter = world.route(job_id="j\ud800" * 200, error="ValueError: \udfff", traceback="\ud800")

    assert len(letter.id.encode()) <= 256
    assert "\\udfff" in letter.error


def test_one_message_of_which_no_letter_can_be_written_is_parked_and_keeps_nobody_waiting(world: World) -> None:
    broken = lying("m1")._replace(attempts="many")  # type: ignore[arg-type]  # what no adapter gives
    world.queues.lying[Queue.PERSISTENCE] = [broken, lying("m2")]

    reported = world.sweep()

    [parked] = [job for job in world.jobs.jobs if isinstance(job, ParkMessage)]
    assert len(reported) == 1
    assert (parked.body, parked.message_id) == (broken.body, "m1")
    assert len(world.queues.deleted) == 2


def test_what_cannot_be_routed_is_parked_once_under_an_id_of_our_own(world: World) -> None:
    for _ in range(2):
        parking.park_message(
            ParkMessage(body="{\ud800" + "z" * 48_001, error="ValueError", receives=10**40),
            letters=world.letters,
            payloads=world.payloads,
            clock=world.clock,
        )

    [letter] = world.letters.letters.values()
    assert (letter.state, letter.receives, letter.raw_body) == (LetterState.PARKED, 0, None)
    assert letter.id.startswith("parked-")
    assert world.payloads.texts[letter.raw_body_key or ""].startswith("{\\ud800z")


def test_periodic_jobs_are_discarded_with_the_reason(world: World) -> None:
    letter = world.route(task="messages.sweep_unqueued", arguments={}, is_transient=True)

    assert letter.state is LetterState.DISCARDED
    assert letter.reason


def test_what_nobody_can_read_is_parked_with_its_body(world: World) -> None:
    letter = world.route(task=None, arguments=None, raw_body="<a/>", death=Death.UNREADABLE)

    assert (letter.state, letter.raw_body, letter.raw_body_key) == (LetterState.PARKED, "<a/>", None)


def test_what_is_large_lies_apart(world: World) -> None:
    arguments = {"text": "가" * 20_000}
    letter = world.route(arguments=arguments, traceback="x" * 20_000, error="y" * 20_000)
    body = world.route(job_id="j2", task=None, arguments=None, raw_body="z" * 48_001)

    assert (letter.arguments, body.raw_body) == (None, None)
    assert json.loads(world.payloads.texts[letter.arguments_key or ""]) == arguments
    assert world.payloads.texts[body.raw_body_key or ""] == "z" * 48_001
    assert (len(letter.traceback), len(letter.error)) == (8_000, 2_000)


def test_what_a_claim_check_holds_for_a_while_is_kept_for_longer(world: World) -> None:
    world.payloads.texts["claims/1"] = "{}"

    kept = world.route(arguments=None, arguments_key="claims/1")
    gone = world.route(job_id="j2", arguments=None, arguments_key="claims/2")

    assert kept.arguments_key in world.payloads.texts
    assert kept.arguments_key != "claims/1"
    assert gone.arguments_key == "claims/2"
    assert {kept.state, gone.state} == {LetterState.OPEN}


def test_a_new_death_after_a_replay_reopens_and_an_old_report_changes_nothing(world: World) -> None:
    world.route()
    world.letters.letters["j1"] = world.letters.letters["j1"].model_copy(
        update={"state": LetterState.REPLAYED, "replays": 1}
    )
    world.failures.failed.clear()

    assert world.route().state is LetterState.REPLAYED
    assert world.failures.failed == []
    again = world.route(replays=1)
    assert (again.state, again.replays) == (LetterState.OPEN, 1)
    assert world.failures.failed == [("j1", "INTERNAL_SERVER_ERROR")]


def test_the_client_that_waits_is_told_under_the_id_that_it_knows(world: World) -> None:
    arguments = ReplayDeadLetters.model_validate({"jobId": "mine", "by": "u1", "filters": {}}).wire()

    world.route(task=ReplayDeadLetters.name, arguments=arguments)
    world.route(job_id="j2", task=ReplayDeadLetters.name, arguments={"wrong": 1})

    assert [job_id for job_id, _ in world.failures.failed] == ["mine", "j2"]


def test_every_message_becomes_a_letter_before_it_is_deleted(world: World) -> None:
    redriven, quarantined = lying(), lying("m2", readable=False, reason="unreadable", error="not JSON")
    looped = lying("m3", reason="crash_loop", error="received 9 times", queue=Queue.AI_CHAT)
    world.queues.lying[Queue.PERSISTENCE] += [redriven, quarantined, lying("m4")]
    world.queues.lying[Queue.AI_CHAT] += [looped]

    first, second, _, third = world.sweep()

    assert [one.message_id for one in world.queues.deleted] == ["m1", "m2", "m4", "m3"]
    assert (first.job_id, first.death, first.replays, first.message_group) == ("j1", Death.NEVER_ACKNOWLEDGED, 2, "g")
    assert first.first_at == "2026-01-02T03:00:00.000000Z"
    assert (second.job_id, second.death, second.raw_body) == ("m2", Death.UNREADABLE, "<body/>")
    assert second.error == "unreadable: not JSON"
    assert (third.death, third.error) == (Death.NEVER_ACKNOWLEDGED, "crash_loop: received 9 times")


def test_a_readable_message_that_was_refused_keeps_its_arguments(world: World) -> None:
    key = "claims/" + "a" * 64
    claimed = StoredJob("j2", STORE, "persistence", pointer("a" * 64, 99_999))
    world.queues.lying[Queue.PERSISTENCE] += [lying(reason="invalid", error="x"), lying("m2", job=claimed)]

    refused, large = world.sweep()

    assert refused.death is Death.UNREADABLE
    assert refused.arguments
    assert (large.arguments, large.arguments_key) == (None, key)


def test_nothing_is_deleted_that_could_not_be_queued(world: World) -> None:
    world.queues.lying[Queue.PERSISTENCE].append(lying())
    world.jobs.is_away = True

    with pytest.raises(Unavailable):
        world.sweep()

    assert world.queues.deleted == []


def test_a_queue_that_is_away_does_not_keep_the_others(world: World) -> None:
    world.queues.away.add(Queue.PERSISTENCE)
    world.queues.lying[Queue.TTS].append(lying(queue=Queue.TTS))

    with pytest.raises(Unavailable):
        world.sweep()

    assert len(world.queues.deleted) == 1


def test_a_sweep_ends_even_where_messages_come_without_end(world: World) -> None:
    world.queues.lying[Queue.TTS] += [lying(f"m{number}", queue=Queue.TTS) for number in range(60)]

    world.sweep()

    assert len(world.queues.deleted) == 40
