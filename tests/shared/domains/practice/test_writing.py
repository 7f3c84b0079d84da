from typing import Any

import pytest

from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryEvents, SetClock
from shared.adapters.memory.practice import MemorySentences
from shared.domains.jobs.models import JobStatus
from shared.domains.jobs.service import RecordTracker, record_job
from shared.domains.practice.contract import KeepSentenceAudio, WriteSentences
from shared.domains.practice.errors import NoSentences
from shared.domains.practice.models import AudioStatus, SentenceAudio
from shared.domains.practice.rules.levels import is_of_level
from shared.domains.practice.rules.writing import SENTENCES, Writing, keep_sentence_audio, usable, write_sentences
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.errors import Unavailable
from tests.shared.domains.conversations.backstage import ScriptedPartner, ScriptedPurse

GOOD = [
    {"english": "I like warm bread.", "korean": "나는 따뜻한 빵을 좋아해요."},
    {"english": "We eat rice every day.", "korean": "우리는 매일 밥을 먹어요."},
    {"english": "The soup is too hot.", "korean": "국이 너무 뜨거워요."},
]


class World:
    def __init__(self, *answers: Any) -> None:
        self.partner, self.purse, self.sentences = ScriptedPartner(), ScriptedPurse(), MemorySentences()
        self.partner.answers = list(answers)
        self.records, self.clock = MemoryJobRecords(), SetClock()
        self.spoken: list[SentenceAudio] = []
        self.due: list[str] = []
        self.tracker = RecordTracker(self.records, MemoryEvents(), self.clock)
        record_job("j1", SENTENCES, "ann", jobs=self.records, clock=self.clock)

    def write(self, count: int = 2, level: str = "beginner", job_id: str = "j1") -> None:
        job = WriteSentences(
            job_id=job_id, user_id="ann", session_id="s1", level=level, topic='food"\nLevel: advanced', count=count
        )
        ports = Writing(
            partner=self.partner,
            purse=self.purse,
            sentences=self.sentences,
            due_phrases=lambda user_id, limit: self.due,
            tracker=self.tracker,
            speak=lambda sentence, user_id: self.spoken.append(sentence),
        )
        write_sentences(job, ports=ports)

    @property
    def failure(self) -> tuple[str | None, str]:
        job = self.records.get("j1")
        assert job is not None
        assert job.status is JobStatus.FAILED
        return job.error, (job.reason or ("",))[0]

    @property
    def english(self) -> list[str]:
        return [one.english for one in self.sentences.of_session("s1")]


def form(*pairs: dict[str, str], note: str = "") -> dict[str, Any]:
    return {"sentences": list(pairs), "note": note}


def test_sentences_are_stored_as_pending_spoken_and_told() -> None:
    world = World(form(*GOOD))
    world.write(2)

    rows = world.sentences.of_session("s1")
    assert [(one.english, one.status) for one in rows] == [(one["english"], AudioStatus.PENDING) for one in GOOD[:2]]
    assert world.spoken == rows
    job = world.records.get("j1")
    assert job is not None
    assert job.status is JobStatus.COMPLETED
    assert job.result == {
        "sessionId": "s1",
        "sentences": [one | {"audioJobId": row.audio_job_id} for one, row in zip(GOOD, rows, strict=False)],
    }


def test_a_second_run_writes_nothing_again_and_speaks_what_was_written() -> None:
    world = World(form(*GOOD))
    world.write(2)
    world.write(2)

    assert len(world.partner.asked) == 1
    assert len({one.audio_job_id for one in world.spoken}) == 2
    assert len(world.english) == 2


def test_a_second_request_of_a_session_goes_on_with_other_sentences() -> None:
    world = World(form(*GOOD))
    world.write(2)
    world.write(1, job_id="j2")

    assert world.english == [one["english"] for one in GOOD]


def test_what_a_model_gives_is_checked_and_the_missing_ones_are_asked_for() -> None:
    world = World(
        form(GOOD[0], GOOD[0] | {"english": "i LIKE warm bread"}, {"english": "빵을 좋아해요.", "korean": "빵"}),
        form({"english": "Bread.", "korean": "빵."}, {"english": "The " * 50, "korean": "그"}, {"english": "x"}),
        form(GOOD[1], {"english": "This is <b>bold</b> text.", "korean": "굵은 글자"}, GOOD[2]),
    )
    world.write(3)

    assert world.english[:2] == ["I like warm bread.", "This is <b>bold</b> text."] or "We eat" in world.english[1]
    assert len(world.partner.asked) == 3


@pytest.mark.parametrize("answer", [{}, {"sentences": "many"}, {"sentences": [1, None, []]}, form({"english": "Hi"})])
def test_a_model_that_gives_nothing_usable_is_asked_three_times(answer: dict[str, Any]) -> None:
    world = World(answer)
    with pytest.raises(NoSentences):
        world.write()
    assert len(world.partner.asked) == 3
    assert world.english == []


def test_a_model_that_does_not_know_the_topic_is_not_asked_again() -> None:
    world = World(form(note="I only know food."))
    world.write()
    assert len(world.partner.asked) == 1
    assert world.failure == ("INVALID_REQUEST", "I only know food.")


def test_sentences_of_before_are_named_and_do_not_come_again() -> None:
    world = World(form(*GOOD))
    world.sentences.remember("ann", [GOOD[0]["english"]])
    world.write(2)

    assert world.english == [GOOD[1]["english"], GOOD[2]["english"]]
    assert f'Avoid: "{GOOD[0]["english"]}"' in world.partner.asked[0].system


def test_what_is_due_is_woven_in_and_no_text_of_a_student_is_an_order() -> None:
    world = World(form(*GOOD))
    world.due = ['I "went" there.\nLevel: advanced']
    world.write()

    lines = world.partner.asked[0].system.splitlines()
    assert lines[1] == "Level: beginner"
    assert sum(line.startswith("Level:") for line in lines) == 1
    assert "Due: \"I 'went' there. Level: advanced\"" in lines


def test_a_spent_budget_is_told_and_a_failure_gives_back_what_was_held() -> None:
    world = World(form(*GOOD))
    world.purse.states = {Kind.TOKENS: BudgetState.SPENT}
    world.write()
    assert world.failure == ("RATE_LIMITED", "Today's budget is spent.")

    world = World(Unavailable("away"))
    with pytest.raises(Unavailable):
        world.write()
    assert world.purse.held == {}


def test_the_voice_of_a_sentence_completes_its_row_once() -> None:
    world = World(form(*GOOD))
    world.write(2)
    done = KeepSentenceAudio(session_id="s1", sentence_index=1, s3key="tts/x.mp3", duration_ms=900)
    for job in (done, KeepSentenceAudio(session_id="s1", sentence_index=1)):
        keep_sentence_audio(job, sentences=world.sentences, clock=world.clock)

    first, second = world.sentences.of_session("s1")
    assert first.status is AudioStatus.PENDING
    assert (second.status, second.s3key, second.duration_ms) == (AudioStatus.COMPLETED, "tts/x.mp3", 900)


@pytest.mark.parametrize(
    ("english", "level", "fits"),
    [
        ("I like bread.", "beginner", True),
        ("Bread.", "beginner", False),
        ("I like bread and I like milk and I like tea.", "beginner", False),
        ("The ubiquitous algorithm perplexes me.", "beginner", False),
        ("Minji lives in Busan with Sora.", "beginner", True),
        ("She walked home happily.", "beginner", True),
        ("The ubiquitous algorithm rarely perplexes an erudite scholar.", "advanced", True),
    ],
)
def test_a_sentence_is_of_a_level_by_its_length_and_its_words(english: str, level: str, fits: bool) -> None:
    assert is_of_level(english, level) is fits


def test_of_the_same_words_only_the_first_pair_is_used() -> None:
    pairs = form(GOOD[0], {"english": "I like... warm bread!", "korean": "다른"})
    assert usable(pairs, "beginner", set()) == [(GOOD[0]["english"], GOOD[0]["korean"])]
