import json
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.adapters.dynamodb.notebook import DynamoNotebook
from shared.adapters.dynamodb.practice import DynamoSentences, DynamoSessions
from shared.adapters.dynamodb.results import DynamoResults
from shared.adapters.dynamodb.statistics import DynamoStatistics
from shared.adapters.memory.notebook import MemoryNotebook
from shared.adapters.memory.practice import MemoryResults, MemorySentences, MemorySessions
from shared.adapters.memory.statistics import MemoryStatistics
from shared.domains.notebook.models import Card, MistakeKind, NotebookEntry
from shared.domains.notebook.ports import NotebookStore
from shared.domains.practice.models import (
    AudioStatus,
    Difficulty,
    LearningSession,
    Pronunciation,
    PronunciationResult,
    SentenceAudio,
    SessionType,
    SpokenPhone,
    SpokenWord,
    WordStatus,
)
from shared.domains.practice.ports import ResultStore, SentenceStore, SessionStore
from shared.domains.statistics.models import Activity, LearningEvent
from shared.domains.statistics.ports import StatisticsStore
from shared.domains.statistics.rules.rebuilding import rebuild_statistics
from tests.shared.adapters.concurrency import together

EARLY, LATE = "2026-01-02T03:00:00.000000Z", "2026-01-02T04:00:00.000000Z"


@pytest.fixture(params=["memory", "dynamodb"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sessions(kind: str, request: pytest.FixtureRequest) -> SessionStore:
    return MemorySessions() if kind == "memory" else DynamoSessions(request.getfixturevalue("adapter_table"))


@pytest.fixture
def sentences(kind: str, request: pytest.FixtureRequest) -> SentenceStore:
    return MemorySentences() if kind == "memory" else DynamoSentences(request.getfixturevalue("adapter_table"))


@pytest.fixture
def results(kind: str, request: pytest.FixtureRequest) -> ResultStore:
    return MemoryResults() if kind == "memory" else DynamoResults(request.getfixturevalue("adapter_table"))


@pytest.fixture
def notebook(kind: str, request: pytest.FixtureRequest) -> NotebookStore:
    return MemoryNotebook() if kind == "memory" else DynamoNotebook(request.getfixturevalue("adapter_table"))


@pytest.fixture
def statistics(kind: str, request: pytest.FixtureRequest) -> StatisticsStore:
    return MemoryStatistics() if kind == "memory" else DynamoStatistics(request.getfixturevalue("adapter_table"))


def a_session(number: int = 1, **fields: Any) -> LearningSession:
    given: dict[str, Any] = {
        "session_id": f"s{number}",
        "user_id": "ann",
        "sign_in": "in-1",
        "session_type": SessionType.PRACTICE,
        "metadata": {"unit": "Food — 음식", "step": 2**53, "silent": False},
        "start_time": f"2026-01-02T03:{number:02d}:00.000000Z",
        "last_activity_at": f"2026-01-02T03:{number:02d}:00.000000Z",
    }
    return LearningSession(**given | fields)


def ended(one: LearningSession, at: str = LATE) -> LearningSession:
    return one.model_copy(update={"ended_at": at, "duration": 60, "speaking_duration": 1.5})


def test_a_session_is_kept_as_it_was_and_ends_once(sessions: SessionStore) -> None:
    for again in (a_session(), a_session(metadata={})):
        sessions.add(again)
    assert sessions.get("s1") == a_session()

    assert sessions.end(ended(a_session()))
    assert not sessions.end(ended(a_session(), "2026-01-03T00:00:00.000000Z"))
    assert not sessions.end(ended(a_session(2)))
    assert sessions.get("s1") == ended(a_session())


def test_a_recording_counts_once_in_an_open_session_and_not_in_one_that_has_ended(sessions: SessionStore) -> None:
    sessions.add(a_session())
    for number in (1, 1, 2):
        sessions.touch("s1", at=LATE, result_id=f"r{number}", speaking_ms=700, suspected=[Difficulty.R_AS_L])
    sessions.touch("nowhere", at=LATE, result_id="r1", speaking_ms=700, suspected=[])
    found = sessions.get("s1")
    assert found
    assert (found.speaking_ms, found.last_activity_at, found.suspected) == (1400, LATE, (Difficulty.R_AS_L,))

    sessions.end(ended(found))
    sessions.touch("s1", at=LATE, result_id="r3", speaking_ms=700, suspected=[])
    after = sessions.get("s1")
    assert after
    assert after.speaking_ms == 1400


def test_sessions_wait_until_they_are_counted(sessions: SessionStore) -> None:
    for number in (1, 2, 3):
        sessions.add(a_session(number))
    sessions.add(a_session(30))
    sessions.end(ended(a_session(2)))
    sessions.count_off("s3")

    assert sorted(sessions.waiting("2026-01-02T03:20:00.000000Z", limit=10)) == ["s1", "s2"]
    assert len(sessions.waiting("2026-01-02T03:20:00.000000Z", limit=1)) == 1
    assert [one.session_id for one in sessions.open_of("ann")] == ["s30", "s3", "s1"]


def test_sessions_are_listed_newest_first_in_pages(sessions: SessionStore) -> None:
    for number in range(1, 6):
        sessions.add(a_session(number))
    first = sessions.list_of("ann", position=None, limit=3)
    second = sessions.list_of("ann", position=json.loads(json.dumps(first.position)), limit=3)

    assert [one.session_id for one in (*first.items, *second.items)] == ["s5", "s4", "s3", "s2", "s1"]
    assert second.position is None


def a_sentence(index: int = 0, **fields: Any) -> SentenceAudio:
    given: dict[str, Any] = {
        "session_id": "s1",
        "sentence_index": index,
        "english": f"Sentence {index}.",
        "korean": f"문장 {index}.",
        "job_id": "j1",
        "audio_job_id": f"a{index}",
    }
    return SentenceAudio(**given | fields)


def test_sentences_are_stored_all_or_none_and_completed_once(sentences: SentenceStore) -> None:
    assert sentences.add([a_sentence(0), a_sentence(1)])
    assert not sentences.add([a_sentence(1, english="another"), a_sentence(2)])
    done = a_sentence(1, status=AudioStatus.COMPLETED, s3key="tts/x.mp3", duration_ms=900, completed_at=LATE)
    for again in (done, done.model_copy(update={"status": AudioStatus.FAILED, "s3key": None}), a_sentence(7)):
        sentences.complete(again)

    assert sentences.of_session("s1") == [a_sentence(0), done]
    assert sentences.of_session("s2") == []


def test_the_last_fifty_sentences_of_a_student_are_remembered(sentences: SentenceStore) -> None:
    for number in range(30):
        sentences.remember("ann", [f"a{number}", f"b{number}"])
    sentences.remember("ann", ["a29", "b29"])

    recent = sentences.recent_of("ann")
    assert (recent[:3], len(recent)) == (["a29", "b29", "a28"], 50)
    assert sentences.recent_of("ben") == []


def a_result(number: int = 1, **fields: Any) -> PronunciationResult:
    word = SpokenWord(
        word="day?",
        status=WordStatus.MISPRONOUNCED,
        start_ms=10,
        end_ms=300,
        score=51.3,
        suspected=Difficulty.VOWEL_ADDED,
        phones=[SpokenPhone(phone="D", score=12.5, heard="T")],
    )
    scored = Pronunciation(
        words=[word],
        overall=61.0,
        word_accuracy=51.3,
        completeness=100.0,
        fluency=None,
        prosody=None,
        confidence=0.81,
        heard="day",
        duration_ms=900,
    )
    given: dict[str, Any] = {
        "result_id": f"r{number}",
        "user_id": "ann",
        "original_text": "Day?",
        "transcribed_text": "day",
        "scored": scored,
        "recording_key": "user-audio/x",
        "created_at": f"2026-01-02T03:04:{number:02d}.000000Z",
    }
    return PronunciationResult(**given | fields)


def test_a_result_is_kept_once_as_it_was_and_found_by_its_owner(results: ResultStore) -> None:
    assert results.add(a_result())
    assert not results.add(a_result(original_text="other"))

    assert results.get("ann", a_result().created_at, "r1") == a_result()
    assert results.find("r1", "ann") == a_result()
    assert results.find("r1", "ben") is None
    assert results.find("r2", "ann") is None
    for _ in range(2):
        results.forget_recording(a_result())
    assert results.find("r1", "ann") == a_result(recording_key=None)


def test_results_are_listed_newest_first_in_pages(results: ResultStore) -> None:
    for number in range(1, 6):
        results.add(a_result(number))
    first = results.list_of("ann", position=None, limit=3)
    second = results.list_of("ann", position=json.loads(json.dumps(first.position)), limit=3)

    assert [one.result_id for one in (*first.items, *second.items)] == ["r5", "r4", "r3", "r2", "r1"]
    assert second.position is None


def an_entry(number: int = 1, **fields: Any) -> NotebookEntry:
    given: dict[str, Any] = {
        "entry_id": f"e{number}",
        "user_id": "ann",
        "kind": MistakeKind.CORRECTION,
        "said": "I go",
        "better": "I went",
        "source": "partner",
        "card": Card(stability=1.25, difficulty=5.0, reviewed_at=EARLY),
        "due_at": f"2026-01-{number:02d}T00:00:00.000000Z",
        "created_at": EARLY,
        "updated_at": EARLY,
        "happenings": ("h1",),
        "version": 1,
    }
    return NotebookEntry(**given | fields)


def test_an_entry_is_written_over_the_version_that_was_read_only(notebook: NotebookStore) -> None:
    assert notebook.put(an_entry(), instead_of=None)
    assert not notebook.put(an_entry(), instead_of=None)
    assert not notebook.put(an_entry(version=3), instead_of=2)
    assert notebook.put(an_entry(version=2, known=True), instead_of=1)
    assert notebook.get("ann", "e1") == an_entry(version=2, known=True)
    assert notebook.get("ben", "e1") is None


def test_entries_come_by_what_is_due_first_and_what_is_known_comes_last(notebook: NotebookStore) -> None:
    for number in (3, 1, 2, 5):
        notebook.put(
            an_entry(number, kind=MistakeKind.FEEDBACK if number == 2 else MistakeKind.CORRECTION), instead_of=None
        )
    notebook.put(an_entry(1, version=2, known=True), instead_of=1)

    first = notebook.list_of("ann", kind=None, position=None, limit=3)
    second = notebook.list_of("ann", kind=None, position=json.loads(json.dumps(first.position)), limit=3)
    assert [one.entry_id for one in (*first.items, *second.items)] == ["e2", "e3", "e5", "e1"]
    feedback = notebook.list_of("ann", kind=MistakeKind.FEEDBACK, position=None, limit=3)
    assert ([one.entry_id for one in feedback.items], feedback.position) == (["e2"], None)
    due = notebook.due("ann", "2026-01-03T00:00:00.000000Z", limit=10)
    assert [one.entry_id for one in due] == ["e2", "e3"]
    assert [one.entry_id for one in notebook.all_of("ann", limit=3)] == ["e1", "e2", "e3"]


def an_event(number: int = 1, **fields: Any) -> LearningEvent:
    given: dict[str, Any] = {"speaking_ms": 700, "score_tenths": 999, "words": ("day", "how")}
    at = datetime(2026, 1, 2, 3, number, tzinfo=UTC)
    return LearningEvent.of(f"practice-{number}", Activity.PRACTICE, "ann", at, "Asia/Seoul", **given | fields)


def test_an_event_is_counted_once_and_days_can_be_made_again(statistics: StatisticsStore) -> None:
    assert [statistics.record(an_event(number)) for number in (1, 1, 2)] == [True, False, True]
    (day,) = statistics.days("ann", "2026-01-01", "2026-01-31")
    assert (day.practice_count, day.speaking_ms, day.score_tenths_sum, day.words_learnt) == (2, 1400, 1998, 2)
    assert statistics.days("ann", "2026-01-03", "2026-01-31") == []

    statistics.put_day(day.model_copy(update={"practice_count": 99}))
    assert rebuild_statistics("ann", store=statistics) == [day]
    assert statistics.days("ann", "2026-01-02", "2026-01-02") == [day]
    assert len([*statistics.events("ann")]) == 2


def test_of_many_at_once_each_event_and_each_word_counts_once(adapter_table: Any) -> None:
    store = DynamoStatistics(adapter_table)
    words = ("day", "how", "was", "your")
    outcomes = together(12, lambda number: store.record(an_event(number % 4, words=words)))

    assert sorted(outcomes) == [False] * 8 + [True] * 4

    (day,) = store.days("ann", "2026-01-02", "2026-01-02")
    assert (day.practice_count, day.words_learnt) == (4, 4)
