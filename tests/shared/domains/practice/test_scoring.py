from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from shared.adapters.memory.budgets import MemoryBudgets
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryEvents, MemoryJobs, SetClock
from shared.adapters.memory.practice import MemoryResults, MemorySessions
from shared.adapters.memory.pronunciation import MemoryScorer
from shared.domains.budgets.service import DailyPurse
from shared.domains.jobs.contract import JobChanged
from shared.domains.jobs.models import JobStatus
from shared.domains.jobs.service import RecordTracker, cancel_job, record_job
from shared.domains.notebook.contract import NoteMistake
from shared.domains.practice.contract import DeleteRecordings, ScoreRecording, StartSession, StudentResult
from shared.domains.practice.errors import ResultNotFound
from shared.domains.practice.models import Grade, Learner, Pronunciation, PronunciationResult, SessionType, grade_of
from shared.domains.practice.rules.scoring import EVALUATION, Examination, score_recording
from shared.domains.practice.rules.sessions import start_session
from shared.domains.practice.rules.showing import delete_recordings, list_results, show_result
from shared.domains.statistics.contract import RecordEvent
from shared.kernel.budgets import Kind as Budget
from shared.kernel.errors import Unavailable
from shared.kernel.recordings import Heard, RecordingGone, UnreadableAudio
from shared.kernel.topics import user_topic

SENTENCE = "How was your day?"
RIGHT, HALF, SILENT = b"right", b"half", b"silent"


class Bucket:
    def __init__(self) -> None:
        self.content: dict[str, bytes] = {"k-right": RIGHT, "k-half": HALF, "k-silent": SILENT}

    def get(self, key: str) -> bytes | None:
        return self.content.get(key)

    def has(self, key: str) -> bool:
        return key in self.content

    def delete(self, key: str) -> None:
        self.content.pop(key, None)

    def signed_url(self, key: str) -> str:
        return f"https://bucket/{key}"


class Ears:
    def __init__(self) -> None:
        self.is_away = False
        self.problem: Exception | None = None
        self.waits_for: Event | None = None

    def hear(self, key: str) -> Heard:
        if self.waits_for is not None:
            assert self.waits_for.wait(10), "nobody scores meanwhile"
        if self.is_away:
            raise Unavailable("away")
        if self.problem is not None:
            raise self.problem
        texts = {"k-right": "how was your day", "k-half": "how was", "k-silent": ""}
        return Heard(text=texts[key], confidence=0.9, seconds=1.2)


class World:
    def __init__(self, **choices: Any) -> None:
        self.clock, self.jobs, self.events = SetClock(), MemoryJobs(), MemoryEvents()
        self.records, self.results, self.sessions = MemoryJobRecords(), MemoryResults(), MemorySessions()
        self.bucket, self.ears = Bucket(), Ears()
        self.scorer = MemoryScorer({RIGHT: SENTENCE, HALF: "How was"})
        self.tracker = RecordTracker(self.records, self.events, self.clock)
        self.choices = choices
        self.budgets = MemoryBudgets()
        limits = dict.fromkeys(Budget, 3600)
        self.purse = DailyPurse(self.budgets, self.events, self.clock, limits)
        self.purse.hold("ann", "j1", {Budget.TRANSCRIBED_SECONDS: 60})
        record_job("j1", EVALUATION, "ann", jobs=self.records, clock=self.clock)

    def learner(self, user_id: str) -> Learner:
        return Learner(user_id=user_id, email="ann@example.com", time_zone="Asia/Seoul", **self.choices)

    def watching(self, learner: Learner) -> list[str]:
        return ["tom"] if learner.share_results else []

    def score(self, kind: str = "right", session_id: str | None = None) -> None:
        job = ScoreRecording(
            job_id="j1",
            user_id="ann",
            recording_key=f"k-{kind}",
            original_text=SENTENCE,
            session_id=session_id,
            sent_at="2026-01-02T16:00:00.000000Z",
        )
        score_recording(job, ports=self.ports)

    @property
    def ports(self) -> Examination:
        return Examination(
            recordings=self.bucket,
            transcriber=self.ears,
            scorer=self.scorer,
            results=self.results,
            sessions=self.sessions,
            learners=self,
            tracker=self.tracker,
            events=self.events,
            jobs=self.jobs,
            clock=self.clock,
            purse=self.purse,
        )

    def enqueued(self, kind: type[Any]) -> list[Any]:
        return [job for job in self.jobs.jobs if isinstance(job, kind)]

    @property
    def result(self) -> PronunciationResult:
        (found,) = self.results.stored.values()
        return found

    @property
    def told(self) -> dict[str, Any]:
        job = self.records.get("j1")
        assert job is not None
        assert job.status is JobStatus.COMPLETED
        return job.result or {}


def test_a_right_sentence_misses_nothing_whatever_its_case_and_punctuation() -> None:
    world = World()
    world.score()

    told = world.told
    assert (told["transcribedText"], told["missedWords"], told["extraWords"]) == ("how was your day", [], [])
    assert (told["completenessScore"], told["grade"]) == (100.0, "A")
    assert [word["status"] for word in told["words"]] == ["correct"] * 4
    assert "recordingUrl" not in told


def test_every_stage_is_told() -> None:
    world = World()
    world.score()
    pushed = [event.stage for _, event, *_ in world.events.published if isinstance(event, JobChanged) and event.stage]
    assert pushed == ["stored", "heard", "aligned", "scored"]


def test_it_is_scored_while_the_other_recogniser_listens() -> None:
    world = World()
    world.ears.waits_for = begun = Event()

    class Beginning(MemoryScorer):
        def score(self, *given: Any, **more: Any) -> Pronunciation:
            begun.set()
            return super().score(*given, **more)

    world.scorer = Beginning(world.scorer.says)
    world.score()
    assert world.told["transcribedText"] == "how was your day"


def test_it_is_counted_once_on_the_students_day_however_often_it_runs() -> None:
    world = World()
    for _ in range(3):
        world.score("half")

    events = {job.event.event_id: job.event for job in world.enqueued(RecordEvent)}
    (event,) = events.values()
    assert (event.date, event.words) == ("2026-01-03", ("how", "was"))
    assert len({job.mistake.happening_id for job in world.enqueued(NoteMistake)}) == 1
    assert len(world.results.stored) == 1


def test_a_second_run_scores_nothing_again_and_goes_on_where_the_first_stopped() -> None:
    world = World()
    world.jobs.is_away = True
    with pytest.raises(Unavailable):
        world.score()
    world.jobs.is_away = False
    world.scorer.says = {}
    world.score()

    assert world.told["grade"] == "A"
    assert len(world.enqueued(RecordEvent)) == 1


def test_silence_has_no_grade_and_no_mistake() -> None:
    world = World()
    world.score("silent")

    told = world.told
    assert "grade" not in told
    assert told["feedback"].startswith("No speech could be heard")
    (event,) = [job.event for job in world.enqueued(RecordEvent)]
    assert event.score_tenths is None
    assert world.enqueued(NoteMistake) == []


def test_a_recogniser_that_is_away_costs_its_transcript_only() -> None:
    world = World()
    world.ears.is_away = True
    world.score("half")
    assert world.told["transcribedText"] == "how was"


def test_a_recording_that_is_gone_is_told() -> None:
    world = World()
    world.bucket.content.clear()
    world.score()
    job = world.records.get("j1")
    assert job is not None
    assert (job.status, job.error, job.reason) == (JobStatus.FAILED, "INVALID_REQUEST", RecordingGone().text)


def test_what_was_cancelled_is_not_scored_and_nothing_is_left_of_it() -> None:
    world = World()
    cancel_job("j1", "ann", jobs=world.records, events=world.events, clock=world.clock)
    world.score()
    assert world.results.stored == {}
    assert "k-right" not in world.bucket.content


def test_nothing_is_left_of_what_cannot_be_read() -> None:
    world = World()
    world.ears.problem = UnreadableAudio()
    for _ in range(2):
        world.score()
    job = world.records.get("j1")
    assert job is not None
    assert (job.status, job.error, job.reason) == (JobStatus.FAILED, "INVALID_REQUEST", UnreadableAudio().text)
    assert "k-right" not in world.bucket.content


def test_a_recording_counts_in_its_session() -> None:
    world = World()
    command = StartSession(session_type=SessionType.PRACTICE)
    start_session(command, "ann", session_id="s1", sign_in="in", sessions=world.sessions, clock=world.clock)
    world.clock.at += timedelta(minutes=1)
    for _ in range(2):
        world.score(session_id="s1")
    found = world.sessions.get("s1")
    assert found is not None
    assert found.speaking_ms == world.result.scored.duration_ms


@pytest.mark.parametrize(("keeps", "left"), [(True, True), (False, False)])
def test_a_recording_is_kept_where_the_student_did_not_choose_otherwise(keeps: bool, left: bool) -> None:
    world = World(keep_recordings=keeps)
    world.score()
    shown = show_result(world.result.result_id, "ann", "en", results=world.results, recordings=world.bucket)
    assert (shown.recording_url is not None, "k-right" in world.bucket.content) == (left, left)


@pytest.mark.parametrize("shares", [True, False])
def test_tutors_see_a_result_come_where_the_student_agreed(shares: bool) -> None:
    world = World(share_results=shares)
    world.score()
    seen = [event for topic, event, *_ in world.events.published if topic == user_topic("tom")]
    assert [type(event) for event in seen] == [StudentResult] * shares
    assert not shares or seen[0].wire() | {"resultId": ""} == {
        "type": "student_result",
        "studentEmail": "ann@example.com",
        "resultId": "",
        "originalText": SENTENCE,
        "overallScore": world.result.scored.overall,
        "grade": "A",
    }


def test_results_are_shown_in_the_readers_language_and_to_nobody_else() -> None:
    world = World()
    world.score("half")
    (listed,) = list_results("ann", "ko", position=None, limit=5, results=world.results).items
    assert "빠뜨렸어요" in listed.feedback
    assert listed.missed_words == ["your", "day"]
    with pytest.raises(ResultNotFound):
        show_result(listed.result_id, "ben", "en", results=world.results, recordings=world.bucket)


@pytest.mark.parametrize(
    ("score", "grade"), [(100.0, "A"), (90.0, "A"), (89.9, "B"), (80.0, "B"), (70.0, "C"), (60.0, "D"), (59.9, "F")]
)
def test_grades_follow_the_score(score: float, grade: str) -> None:
    assert grade_of(score) is Grade(grade)


def test_recordings_of_a_student_who_wants_none_kept_are_deleted_and_results_stay() -> None:
    world = World()
    world.score()
    job = DeleteRecordings(user_id="ann")
    deleted = [delete_recordings(job, results=world.results, recordings=world.bucket) for _ in range(2)]

    assert deleted == [1, 0]
    assert "k-right" not in world.bucket.content
    assert world.result.recording_key is None


@pytest.mark.parametrize(("kind", "is_heard"), [("right", True), ("gone", False)])
def test_of_the_day_only_what_was_heard_is_used(kind: str, is_heard: bool) -> None:
    world = World()
    for _ in range(2):
        world.score(kind)
    used = world.budgets.used("ann", "2026-01-02")[Budget.TRANSCRIBED_SECONDS]
    assert 0 < used < 60 if is_heard else used == 0
