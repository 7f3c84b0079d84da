import json
from pathlib import Path

import numpy as np
import pytest

from graph_engine.encoders.building import is_complete
from graph_engine.encoders.korean import Korean
from graph_engine.encoders.sentence_encoders import MiniLM, SentenceEncoders
from graph_engine.encoders.store import FILES, ModelStore
from graph_engine.errors import ModelsMissing

GOLDEN = json.loads(Path(__file__).with_name("golden_vectors.json").read_text("utf-8"))
CLOSE = 0.98
"""8-bit arithmetic differs between processors, in the second digit at most."""


@pytest.mark.parametrize("model", GOLDEN)
def test_golden_vectors(model: str, encoders: SentenceEncoders, korean: Korean) -> None:
    encode = {
        "minilm": encoders.fine.encode,
        "use": encoders.wide.encode,
        "korean": lambda text: korean.encode(korean.morphemes(text)),
    }
    for text, known in GOLDEN[model].items():
        assert float(np.array(known) @ encode[model](text)) > CLOSE, text


def test_a_text_and_its_translation_are_near_each_other(encoders: SentenceEncoders) -> None:
    encoder = encoders.wide
    football, translated, bread = (
        encoder.encode(text) for text in ("Our team won the match", "우리 팀이 경기에서 이겼어요", "빵을 구웠어요")
    )

    assert football @ translated > football @ bread + 0.2


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ufdfa" * 10_000, "😀" * 3_000, "e" + "\u0301" * 5_000, "가" * 9_000]
)
def test_strange_texts_have_a_vector(text: str, encoders: SentenceEncoders) -> None:
    for encoder in (encoders.fine, encoders.wide):
        vector = encoder.encode(text)
        assert np.isfinite(vector).all()
        assert abs(float(np.linalg.norm(vector)) - 1) < 1e-3


def test_models_that_are_missing_or_changed_are_refused(tmp_path: Path, models: ModelStore) -> None:
    with pytest.raises(ModelsMissing, match=r"graph_engine\.encoders\.building"):
        MiniLM(ModelStore(tmp_path))
    for name in (*FILES, "manifest.json"):
        (tmp_path / name).symlink_to(models.directory / name)
    (tmp_path / FILES[0]).unlink()
    (tmp_path / FILES[0]).write_bytes(b"another")
    assert is_complete(models)
    assert not is_complete(ModelStore(tmp_path))
    with pytest.raises(ModelsMissing, match="not what was built"):
        MiniLM(ModelStore(tmp_path))
