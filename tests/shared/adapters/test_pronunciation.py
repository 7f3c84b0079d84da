"""The scorer behind its port: its models and the memory's double keep the same promises."""

import shutil
import sys
from pathlib import Path

import pytest

from shared.adapters.audio_guard.guard import AudioGuard
from shared.adapters.memory.pronunciation import MemoryScorer
from shared.adapters.pronunciation import ModelScorer
from shared.domains.practice.errors import NothingToScore, ScorerMissing
from shared.domains.practice.models import Unheard, WordStatus
from shared.domains.practice.ports import PronunciationScorer
from shared.kernel.recordings import UnreadableAudio
from speech.model_files import ModelChanged
from speech.scoring.model import FIGURES, FOLDER, NUMBERS, read_models
from speech.voice.speaker import RATE, Speaker
from tests.shared.adapters.recordings import encoded, recording

SENTENCE = "How was your day?"


@pytest.fixture(scope="module")
def samples() -> bytes:
    return b"".join(breath.samples.astype("<i2").tobytes() for breath in Speaker().say(SENTENCE))


@pytest.fixture(scope="module")
def spoken(samples: bytes) -> bytes:
    return encoded("webm", "libopus", 48_000, doubled(samples))


@pytest.fixture(scope="module")
def models() -> ModelScorer:
    return ModelScorer(AudioGuard())


def doubled(samples: bytes) -> bytes:
    """Return samples at twice their rate, 48 kHz."""
    assert RATE == 24_000
    return b"".join(2 * samples[at : at + 2] for at in range(0, len(samples), 2))


@pytest.fixture(scope="module")
def tone() -> bytes:
    return recording("ogg", 1.5)


@pytest.fixture(scope="module", params=["models", "memory"])
def scorer(request: pytest.FixtureRequest, models: ModelScorer, spoken: bytes) -> PronunciationScorer:
    made = models if request.param == "models" else MemoryScorer({spoken: "how was your day"})
    made.warm_up()
    return made


def test_a_sentence_that_is_said_misses_nothing(scorer: PronunciationScorer, spoken: bytes) -> None:
    stages: list[str] = []
    told = scorer.score(spoken, SENTENCE, progress=stages.append)

    assert stages == ["heard", "aligned", "scored"]
    assert {word.status for word in told.words} == {WordStatus.CORRECT}
    assert (told.completeness, told.is_graded, len(told.words)) == (100.0, True, 4)
    assert told == scorer.score(spoken, SENTENCE)


@pytest.mark.parametrize(
    ("form", "codec"),
    [
        ("webm", "libopus"),
        ("ogg", "libopus"),
        ("ipod", "aac"),
        ("mp4", "aac"),
        ("mp3", "libmp3lame"),
        ("wav", "pcm_s16le"),
        ("flac", "flac"),
    ],
)
def test_a_sentence_is_scored_alike_in_every_format(models: ModelScorer, samples: bytes, form: str, codec: str) -> None:
    told = models.score(encoded(form, codec, 48_000, doubled(samples)), SENTENCE)
    best = models.score(encoded("wav", "pcm_s16le", 48_000, doubled(samples)), SENTENCE)

    assert {word.status for word in told.words} == {WordStatus.CORRECT}
    assert told.overall == pytest.approx(best.overall, abs=6)
    assert told.duration_ms == pytest.approx(best.duration_ms, abs=120)
    assert told.confidence > 0.6


def test_a_word_that_is_not_said_is_missed_without_times(scorer: PronunciationScorer, spoken: bytes) -> None:
    told = scorer.score(spoken, "How was your wonderful day?")
    [missed] = [word for word in told.words if word.status is WordStatus.MISSED]

    assert (missed.word, missed.start_ms, missed.end_ms, missed.score) == ("wonderful", None, None, 0.0)
    assert told.completeness == 80.0


def test_nobody_speaks(scorer: PronunciationScorer, tone: bytes) -> None:
    told = scorer.score(tone, SENTENCE)
    assert (told.unheard, told.overall, told.heard, told.words) == (Unheard.NO_SPEECH, 0.0, "", [])


@pytest.mark.parametrize("sentence", ["", "!", "word " * 201])
def test_a_sentence_without_words_or_with_too_many(scorer: PronunciationScorer, spoken: bytes, sentence: str) -> None:
    with pytest.raises(NothingToScore):
        scorer.score(spoken, sentence)


def test_what_contradicts_lowers_the_confidence(scorer: PronunciationScorer, spoken: bytes) -> None:
    alike = scorer.score(spoken, SENTENCE, transcript=lambda: "How was your day?")
    other = scorer.score(spoken, SENTENCE, transcript=lambda: "How was your die?")

    assert alike.confidence > other.confidence
    assert alike.overall == other.overall


def test_what_is_no_recording_is_refused_before_any_model_sees_it() -> None:
    scorer = ModelScorer(AudioGuard())
    with pytest.raises(UnreadableAudio):
        scorer.score(b"RIFF and nothing else" * 10, SENTENCE)
    assert scorer._scorer is None


def test_without_the_extra_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "speech.scoring.scorer", None)
    with pytest.raises(ScorerMissing):
        ModelScorer(AudioGuard()).warm_up()


def test_another_file_of_numbers_is_not_loaded(tmp_path: Path) -> None:
    for name in (NUMBERS, FIGURES):
        shutil.copy(FOLDER / name, tmp_path)
    assert {"phone", "word", "missed", "extra", "top.word"} <= read_models(tmp_path).keys()

    with (tmp_path / NUMBERS).open("ab") as file:
        file.write(b"more")
    with pytest.raises(ModelChanged):
        read_models(tmp_path)
    (tmp_path / NUMBERS).unlink()
    with pytest.raises(ModelChanged):
        read_models(tmp_path)
