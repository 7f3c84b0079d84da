"""How a run ends, on ports in memory."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from shared.adapters.memory.dead_letters import MemoryPayloads
from shared.adapters.memory.kernel import MemoryJobs, SetClock
from shared.adapters.memory.runs import MemoryRuns
from shared.domains.dead_letters.contract import (
    Letter,
    ParkMessage,
    ReplayDeadLetters,
    RouteDeadLetter,
    SweepRedriveQueues,
)
from shared.domains.dead_letters.models import Death
from shared.kernel.claims import ClaimChecks, key_of
from shared.kernel.contract import Job
from shared.kernel.errors import Invalid, Unavailable
from shared.kernel.payloads import CLAIMS_PREFIX
from shared.kernel.runs import Arrival
from tests.workers.injection import KEEPER
from tests.workers.trial_jobs import Trial, TrialOnce
from workers.outcomes import GivenUp, Later
from workers.running import Runner

ARGUMENTS = (Trial(label="a").wire(),)
FIRST = Arrival("job-1")


class Stage:
    """A runner of one type, whose rule does what a test gives it."""

    def __init__(self) -> None:
        self.runs, self.kept, self.jobs = MemoryRuns(), MemoryPayloads(CLAIMS_PREFIX), MemoryJobs()
        self.claims = ClaimChecks(self.kept, largest=1_000)
        self.begun = 0
        self.rule: Callable[[], None] = lambda: None

    def run(
        self, job_type: type[Job] = Trial, arrival: Arrival = FIRST, arguments: tuple[object, ...] = ARGUMENTS
    ) -> None:
        def act(_job: Job) -> None:
            self.begun += 1
            self.rule()

        Runner(
            job_type,
            act,
            runs=self.runs,
            claims=self.claims,
            jobs=self.jobs,
            clock=SetClock(),
            keeper=KEEPER,
        ).run(arrival, arguments)

    def fail_with(self, problem: Exception) -> None:
        def rule() -> None:
            raise problem

        self.rule = rule

    def letters(self) -> list[Letter]:
        return [job.letter for job in self.jobs.jobs if isinstance(job, RouteDeadLetter)]


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_harmless_job_that_ends_well_at_once_leaves_nothing_in_the_book(stage: Stage) -> None:
    stage.run()
    assert stage.begun == 1
    assert stage.runs.entries == {}


@pytest.mark.parametrize("job_type", [Trial, TrialOnce])
def test_only_runs_that_began_are_attempts(stage: Stage, job_type: type[Job]) -> None:
    stage.fail_with(Unavailable("away"))
    for receives in (4, 9):  # handed back before and in between: SQS counts that, we do not
        with pytest.raises(Later, match="tried again"):
            stage.run(job_type, replace(FIRST, receives=receives))
    with pytest.raises(GivenUp):
        stage.run(job_type, replace(FIRST, receives=10))
    assert (stage.begun, stage.letters()[0].attempts) == (3, 3)


def test_pauses_grow_with_attempts_and_have_full_jitter(stage: Stage) -> None:
    policy = RouteDeadLetter.retry
    assert all(0 <= policy.pause(3) <= 4.0 for _ in range(100))
    assert max(policy.pause(2_000) for _ in range(100)) <= policy.longest_delay


@pytest.mark.parametrize("job_type", [Trial, TrialOnce])
def test_a_replay_counts_anew(stage: Stage, job_type: type[Job]) -> None:
    stage.fail_with(Invalid("never"))
    with pytest.raises(GivenUp):
        stage.run(job_type)
    stage.fail_with(Unavailable("away"))
    for receives in (1, 2):
        with pytest.raises(Later):
            stage.run(job_type, Arrival("job-1", receives=receives, replays=1))
    with pytest.raises(GivenUp):
        stage.run(job_type, Arrival("job-1", receives=3, replays=1))
    assert [letter.replays for letter in stage.letters()] == [0, 1]


def test_a_job_that_took_effect_does_so_no_more(stage: Stage) -> None:
    stage.run(TrialOnce)
    stage.run(TrialOnce)
    assert stage.begun == 1


def test_another_run_is_waited_for_and_longer_each_time(stage: Stage) -> None:
    stage.runs.begin(FIRST, lease_seconds=60, keep_seconds=1)
    with pytest.raises(Later) as soon:
        stage.run(TrialOnce, replace(FIRST, receives=4))
    with pytest.raises(Later) as late:
        stage.run(TrialOnce, replace(FIRST, receives=8))
    assert 50 < soon.value.seconds < 62
    assert 200 < late.value.seconds < 250
    assert stage.begun == 0


def test_a_late_result_is_refused(stage: Stage) -> None:
    def take_over() -> None:
        stage.runs.entries["job-1"].lease_until = 0.0
        stage.runs.begin(FIRST, lease_seconds=60, keep_seconds=1)

    stage.rule = take_over
    with pytest.raises(Later, match="after its lease"):
        stage.run(TrialOnce)
    assert not stage.runs.entries["job-1"].is_done


def test_a_job_whose_workers_die_under_it_is_given_up_unrun(stage: Stage) -> None:
    for _ in range(3):
        stage.runs.count(FIRST, keep_seconds=1)
    with pytest.raises(GivenUp):
        stage.run(arrival=replace(FIRST, receives=5))
    [letter] = stage.letters()
    assert (letter.death, letter.attempts, stage.begun) == (Death.NEVER_ACKNOWLEDGED, 3, 0)


@pytest.mark.parametrize("job_type", [Trial, TrialOnce])
def test_a_message_is_not_let_go_before_its_letter_is_safe(stage: Stage, job_type: type[Job]) -> None:
    stage.fail_with(Invalid("never"))
    stage.jobs.is_away = True
    with pytest.raises(Later, match="letter could not be sent"):
        stage.run(job_type)
    stage.jobs.is_away = False
    with pytest.raises(GivenUp):
        stage.run(job_type, replace(FIRST, receives=2))
    assert [letter.death for letter in stage.letters()] == [Death.FAILED]


def test_a_death_that_could_not_be_told_keeps_its_reason(stage: Stage) -> None:
    stage.fail_with(Unavailable("away"))
    for receives in (1, 2):
        with pytest.raises(Later):
            stage.run(arrival=replace(FIRST, receives=receives))
    stage.jobs.is_away = True
    with pytest.raises(Later):
        stage.run(arrival=replace(FIRST, receives=3))
    stage.jobs.is_away = False
    with pytest.raises(GivenUp):
        stage.run(arrival=replace(FIRST, receives=4))
    [letter] = stage.letters()
    assert (stage.begun, letter.attempts) == (3, 3)
    assert (letter.death, letter.error) == (Death.FAILED, "Unavailable: away")


def test_while_the_book_is_away_nothing_that_must_happen_once_begins(stage: Stage) -> None:
    stage.runs.is_away = True
    for receives in range(1, 10):
        with pytest.raises(Later, match="book of runs is away") as later:
            stage.run(TrialOnce, replace(FIRST, receives=receives))
        assert 5 <= later.value.seconds <= 300
    assert stage.begun == 0


def test_a_failure_that_cannot_be_counted_is_tried_again_all_the_same(stage: Stage) -> None:
    stage.fail_with(Unavailable("away"))
    stage.runs.is_away = True
    with pytest.raises(Later, match="tried again"):
        stage.run()


def test_an_outage_keeps_the_router_of_dead_letters_waiting_and_nothing_else_does(stage: Stage) -> None:
    stage.kept.is_away = True
    for receives in range(1, 30):
        with pytest.raises(Later):
            stage.run(RouteDeadLetter, replace(FIRST, receives=receives), ({"$claim": {"sha256": "a"}},))
    assert stage.jobs.jobs == []


@pytest.mark.parametrize("job_type", [RouteDeadLetter, ReplayDeadLetters])
def test_what_the_router_cannot_take_in_is_parked_as_it_came(stage: Stage, job_type: type[Job]) -> None:
    with pytest.raises(GivenUp):
        stage.run(job_type, FIRST, ({"no": "letter \ud800"},))
    [parked] = stage.jobs.jobs
    assert isinstance(parked, ParkMessage)
    assert json.loads(parked.body) == {"no": "letter \ud800"}
    assert parked.message_id == FIRST.job_id


def test_what_cannot_even_be_parked_comes_again(stage: Stage) -> None:
    stage.fail_with(RuntimeError("a bug"))
    for receives in range(1, 9):
        with pytest.raises(Later):
            stage.run(ParkMessage, replace(FIRST, receives=receives), (ParkMessage(body="a", error="b").wire(),))
    assert stage.jobs.jobs == []


def test_what_beat_asks_for_again_is_dropped_where_it_keeps_failing(stage: Stage) -> None:
    stage.fail_with(Unavailable("a queue is gone"))
    for receives in (1, 2, 3, 4):
        with pytest.raises((Later, GivenUp)) as end:
            stage.run(SweepRedriveQueues, replace(FIRST, receives=receives), ({},))
        if end.type is GivenUp:
            break
    assert end.type is GivenUp
    assert stage.jobs.jobs == []


@pytest.mark.parametrize("arguments", [(), ("text",), (1, 2), ({"label": 1},), ([],)])
def test_what_is_no_such_job_is_dead_at_once(stage: Stage, arguments: tuple[object, ...]) -> None:
    with pytest.raises(GivenUp):
        stage.run(arguments=arguments)
    assert (stage.begun, stage.letters()[0].death) == (0, Death.UNREADABLE)


def test_a_newer_jobs_fields_are_passed_over(stage: Stage) -> None:
    stage.run(arguments=({"label": "a", "ofTomorrow": 1},))
    assert stage.begun == 1


def test_a_lost_claim_is_said_to_be_lost(stage: Stage) -> None:
    claim = stage.claims.leave(Trial(label="a", text="b" * 2_000).wire())
    stage.run(arguments=(claim,))
    stage.kept.texts.clear()
    with pytest.raises(GivenUp):
        stage.run(arguments=(claim,))
    [letter] = stage.letters()
    assert letter.error.startswith("ClaimLost: The arguments are no longer in claims/")
    assert (letter.arguments, letter.arguments_key) == (None, key_of(claim))
