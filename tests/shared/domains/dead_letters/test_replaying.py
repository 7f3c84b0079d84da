from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from pydantic import ValidationError

from shared.adapters.memory.dead_letters import MemoryLetters, MemoryPayloads
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryEvents, MemoryJobs, MemoryResender, SetClock
from shared.catalogue import job_type_of
from shared.domains.dead_letters.contract import ReplayDeadLetters, ReplayDueLetters, ReplayMatching
from shared.domains.dead_letters.errors import LetterNotFound, NotReplayable
from shared.domains.dead_letters.models import Audit, DeadLetter, LetterState, ReplayOutcome
from shared.domains.dead_letters.rules import replaying, replaying_many
from shared.domains.jobs.models import JobRecord, JobStatus
from shared.domains.jobs.service import RecordTracker, cancel_job, record_job
from shared.kernel.errors import Unavailable
from shared.kernel.ports import StoredJob
from shared.kernel.times import timestamp
from tests.shared.domains.dead_letters.letters import STORE, a_letter

SENT = ReplayOutcome.SENT


@dataclass
class World:
    clock: SetClock = field(default_factory=lambda: SetClock(datetime(2026, 1, 2, 8, tzinfo=UTC)))
    letters: MemoryLetters = field(default_factory=MemoryLetters)
    payloads: MemoryPayloads = field(default_factory=MemoryPayloads)
    resender: MemoryResender = field(default_factory=MemoryResender)
    records: MemoryJobRecords = field(default_factory=MemoryJobRecords)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    jobs: MemoryJobs = field(default_factory=MemoryJobs)

    def __post_init__(self) -> None:
        self.desk = replaying.Desk(
            letters=self.letters,
            resender=self.resender,
            payloads=self.payloads,
            job_types=job_type_of,
            waiting=RecordTracker(self.records, self.events, self.clock),
            clock=self.clock,
        )

    def put(self, number: int = 1, **fields: Any) -> DeadLetter:
        return self.letters.record(a_letter(number, **fields)).letter

    def replay(self, letter_id: str = "j1") -> ReplayOutcome:
        return replaying.replay_dead_letter(letter_id, "op", desk=self.desk)

    def letter(self, letter_id: str = "j1") -> DeadLetter:
        return self.letters.letters[letter_id]

    def begin(self, **chosen: Any) -> ReplayDeadLetters:
        command = ReplayMatching.model_validate({"all": True} | chosen)
        record_job("r1", replaying_many.KIND, "op", jobs=self.records, clock=self.clock)
        return replaying_many.replay_job(command, "r1", "op", self.clock.now())

    def run(self, job: ReplayDeadLetters | None, most: int = 20) -> int:
        """Run a replay to its end; return how many runs it took."""
        runs = 0
        while job is not None:
            runs += 1
            assert runs <= most
            job = replaying_many.advance(job, desk=self.desk)
        return runs

    def record(self) -> JobRecord:
        return self.records.records["r1"]

    def sent(self) -> list[str]:
        return [job.job_id for job in self.resender.sent]


@pytest.fixture
def world() -> World:
    return World()


def test_a_replay_sends_the_same_job_again_and_twice_is_once(world: World) -> None:
    letter = world.put(message_group="g", correlation_id="c", replays=1, replay_at="2026-01-02T04:00:00Z")

    assert (world.replay(), world.replay()) == (SENT, ReplayOutcome.SETTLED)

    (job,) = world.resender.sent
    assert (job.job_id, job.task, job.queue, job.group) == ("j1", STORE, "persistence", "g")
    assert (job.replays, job.correlation_id, job.arguments) == (2, "c", letter.arguments)
    assert (world.letter().state, world.letter().replays) == (LetterState.REPLAYED, 2)
    assert [(line.by, line.action) for line in world.letters.noted] == [("op", "replayed")]


def test_a_job_that_ends_before_its_replay_is_counted_is_noted_all_the_same(world: World) -> None:
    class Quick(MemoryResender):
        def resend(self, job: StoredJob) -> None:
            replaying.note_success(job.job_id, job.replays, letters=world.letters, clock=world.clock)

    world.put()
    world.desk = replace(world.desk, resender=Quick())

    assert world.replay() is SENT

    assert world.letter().succeeded_at is not None
    assert [line.action for line in world.letters.noted] == ["replayed"]


def test_an_unknown_letter_is_not_found(world: World) -> None:
    with pytest.raises(LetterNotFound):
        world.replay()


def test_a_letter_that_somebody_is_sending_is_left_to_them_for_a_while(world: World) -> None:
    letter = world.put()
    now = world.clock.now()
    world.letters.claim(letter, now=timestamp(now), until=timestamp(now + timedelta(seconds=30)))

    assert world.replay() is ReplayOutcome.SETTLED
    assert world.sent() == []
    world.clock.at += timedelta(seconds=31)
    assert world.replay() is SENT


def test_a_queue_that_is_away_leaves_the_letter_as_it_was(world: World) -> None:
    world.put()
    world.resender.is_away = True

    with pytest.raises(Unavailable):
        world.replay()

    assert (world.letter().state, world.letter().lease_until) == (LetterState.OPEN, None)
    world.resender.is_away = False
    assert world.replay() is SENT


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"state": LetterState.PARKED, "arguments": None, "raw_body": "<a/>"}, ReplayOutcome.UNREADABLE),
        ({"task": "nobody.knows"}, ReplayOutcome.UNKNOWN_TASK),
        ({"arguments": None, "arguments_key": "gone"}, ReplayOutcome.ARGUMENTS_GONE),
        ({"arguments": {"messages": []}}, ReplayOutcome.WRONG_ARGUMENTS),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_reason(
    world: World, fields: dict[str, Any], outcome: ReplayOutcome
) -> None:
    world.put(**fields)

    with pytest.raises(NotReplayable) as refused:
        world.replay()

    assert refused.value.details == [{"field": "id", "message": outcome.value}]
    assert world.sent() == []


def test_large_arguments_are_sent_whole(world: World) -> None:
    key = world.payloads.keep('{"messages": []}')
    world.put(task="messages.sweep_unqueued", arguments=None, arguments_key=key)

    assert world.replay() is SENT
    assert world.resender.sent[0].arguments == {"messages": []}


def test_what_took_effect_already_is_closed_and_not_sent(world: World) -> None:
    world.put()
    world.letters.done.add("j1")

    assert (world.replay(), world.replay()) == (ReplayOutcome.DONE, ReplayOutcome.SETTLED)
    assert world.sent() == []
    assert world.letter().succeeded_at is not None


def test_the_waiting_client_s_job_begins_again(world: World) -> None:
    arguments = ReplayDeadLetters.model_validate({"jobId": "mine", "by": "u1", "filters": {}}).wire()
    world.put(task=ReplayDeadLetters.name, arguments=arguments)
    record_job("mine", "replay", "u1", jobs=world.records, clock=world.clock)
    world.desk.waiting.fail("mine", "INTERNAL_SERVER_ERROR")
    world.resender.is_away = True
    with pytest.raises(Unavailable):
        world.replay()
    assert (world.records.records["mine"].status, world.records.records["mine"].error) == ("FAILED", "UNAVAILABLE")

    world.resender.is_away = False
    world.replay()

    assert world.records.records["mine"].status is JobStatus.PENDING


def test_success_closes_the_letter_once(world: World) -> None:
    world.put()
    world.replay()

    for _ in range(2):
        replaying.note_success("j1", 1, letters=world.letters, clock=world.clock)
    replaying.note_success("j9", 1, letters=world.letters, clock=world.clock)

    assert world.letter().succeeded_at is not None


def test_letters_replay_by_themselves_when_their_time_has_come_and_they_still_wait(world: World) -> None:
    soon, later = timestamp(world.clock.at), timestamp(world.clock.at + timedelta(hours=1))
    for number, at in enumerate((soon, later, soon, soon), start=1):
        world.put(number, replay_at=at)
        world.letters.schedule(f"j{number}", at)
    world.letters.schedule("j9", soon)
    noted = Audit(letter_id="j3", at=soon, by="op", action="discarded")
    world.letters.discard("j3", "no", noted)
    world.put(4, replays=1, replay_at=later)

    replaying.replay_due_letters(ReplayDueLetters(), desk=world.desk)

    assert world.sent() == ["j1"]
    assert world.letters.scheduled == {"j2": later}
    world.clock.at += timedelta(hours=2)
    replaying.replay_due_letters(ReplayDueLetters(), desk=world.desk)
    assert world.sent() == ["j1", "j2"]


def test_a_dry_run_tells_and_changes_nothing(world: World) -> None:
    world.put(1)
    world.put(2, task="nobody.knows")
    world.put(3, arguments=None, arguments_key="gone")
    world.letters.done.add("j1")

    told = replaying_many.check_matching(ReplayMatching.model_validate({"all": True, "dryRun": True}), desk=world.desk)

    assert (told.matching, told.is_whole) == (3, True)
    assert [(check.id, check.outcome) for check in told.checks] == [
        ("j1", ReplayOutcome.DONE),
        ("j2", ReplayOutcome.UNKNOWN_TASK),
        ("j3", ReplayOutcome.ARGUMENTS_GONE),
    ]
    first, second, third = told.checks
    assert (first.is_done, second.is_task_known, third.has_arguments) == (True, False, False)
    assert world.letter().state is LetterState.OPEN


def test_a_dry_run_of_a_flood_counts_a_part_and_looks_closely_at_some(world: World) -> None:
    for number in range(1_150):
        world.put(1, id=f"flood-{number:04d}")

    told = replaying_many.check_matching(ReplayMatching.model_validate({"task": STORE}), desk=world.desk)

    assert (told.matching, told.is_whole, len(told.checks)) == (1_000, False, 100)


def test_nothing_is_chosen_by_saying_nothing() -> None:
    for wrong in ({}, {"all": True, "state": "parked"}, {"all": True, "ratePerSecond": 0}):
        with pytest.raises(ValidationError):
            ReplayMatching.model_validate(wrong)


def test_many_are_sent_oldest_first_at_the_rate_over_several_runs(world: World) -> None:
    for number in range(1, 41):
        world.put(number)
    began = world.clock.at

    runs = world.run(world.begin(ratePerSecond=2))

    assert world.sent() == [f"j{number}" for number in range(1, 41)]
    assert runs == 2
    assert world.clock.at - began >= timedelta(seconds=20)
    assert (world.record().status, world.record().result) == (JobStatus.COMPLETED, {"sent": 40, "skipped": 0})


def test_only_what_matches_and_has_died_by_now_is_sent(world: World) -> None:
    world.put(1, queue="tts")
    world.put(2, task="nobody.knows")
    world.put(3)
    world.put(4, last_at="2026-01-02T09:00:00.000000Z")
    world.put(5, state=LetterState.PARKED, arguments=None)

    world.run(world.begin(queue="persistence", to="2027-01-01T00:00Z"))

    assert world.sent() == ["j3"]
    assert world.record().result == {"sent": 1, "skipped": 1}


def test_what_is_left_is_queued_and_beginning_a_run_again_sends_nothing_twice(world: World) -> None:
    for number in range(1, 21):
        world.put(number)
    job = world.begin(ratePerSecond=1)

    replaying_many.replay_dead_letters(job, desk=world.desk, jobs=world.jobs)
    replaying_many.replay_dead_letters(job, desk=world.desk, jobs=world.jobs)

    assert len(set(world.sent())) == len(world.sent()) == 20
    assert len(world.jobs.jobs) == 1
    assert world.record().status is JobStatus.COMPLETED


def test_a_run_that_is_delivered_twice_queues_one_that_follows_it(world: World) -> None:
    for number in range(1, 61):
        world.put(number)
    job = world.begin(ratePerSecond=1)

    for _ in range(2):
        replaying_many.replay_dead_letters(job, desk=world.desk, jobs=world.jobs)
    first, again, *_ = world.jobs.jobs
    replaying_many.replay_dead_letters(cast(ReplayDeadLetters, first), desk=world.desk, jobs=world.jobs)
    after = world.jobs.jobs[-1]

    assert first.identity() == again.identity()
    assert len({one.identity() for one in (job, first, after)}) == 3
    assert not job.idempotent  # so that the workers' book of runs holds them by their identity
    assert len(set(world.sent())) == len(world.sent())


def test_a_cancelled_replay_stops(world: World) -> None:
    for number in range(1, 6):
        world.put(number)
    job = world.begin()

    def cancel() -> None:
        cancel_job("r1", "op", jobs=world.records, events=world.events, clock=world.clock)

    world.clock.meanwhile = cancel
    world.run(job)

    assert world.sent() == ["j1"]
    world.run(job)
    assert world.sent() == ["j1"]


def test_the_canary_s_success_lets_the_others_go(world: World) -> None:
    world.put(1, task="nobody.knows")
    for number in range(2, 5):
        world.put(number)

    def succeed_later() -> None:
        if world.sent() == ["j2"]:
            replaying.note_success("j2", 1, letters=world.letters, clock=world.clock)

    world.clock.meanwhile = succeed_later
    world.run(world.begin(canary=True))

    assert world.sent() == ["j2", "j3", "j4"]
    assert world.record().status is JobStatus.COMPLETED


def test_a_canary_that_dies_again_keeps_the_others(world: World) -> None:
    for number in range(1, 4):
        world.put(number)

    def die_again() -> None:
        world.put(1, replays=1)

    world.clock.meanwhile = die_again
    world.run(world.begin(canary=True))

    assert world.sent() == ["j1"]
    assert (world.record().status, world.record().error) == (JobStatus.FAILED, "CANARY_DIED")


def test_a_canary_that_is_not_heard_of_keeps_the_others(world: World) -> None:
    world.put(1)
    world.put(2)

    runs = world.run(world.begin(canary=True))

    assert world.sent() == ["j1"]
    assert runs > 3
    assert world.record().error == "CANARY_SILENT"


def test_a_job_that_the_ledger_knows_as_done_is_a_canary_s_success(world: World) -> None:
    world.put(1)
    world.clock.meanwhile = lambda: world.letters.done.add("j1")

    world.run(world.begin(canary=True))

    assert world.record().result == {"sent": 1, "skipped": 0}
