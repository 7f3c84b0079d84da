"""`python -m speech.training --data DIRECTORY`: train every model of the scorer, and write its numbers and figures.

The directory holds `so762_features.npz` and the recordings that `manifest.json` names. Ten minutes on one core.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

from speech.scoring.assess import Assessment, assess
from speech.scoring.evidence import Witnesses
from speech.scoring.model import FIGURES, FOLDER, NUMBERS, VERSION
from speech.scoring.numbers import Model, arrays_of
from speech.training import miscues
from speech.training.cases import cases_of
from speech.training.clips import Clip, read_clips
from speech.training.corpus import read_corpus
from speech.training.stacking import fitted, rows_by_kind, weights_of
from speech.training.stages import train
from speech.training.validating import left_out_figures

COMMON = Path(__file__).with_name("common_words.txt")


def main() -> None:
    """Train, write, and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path, default=FOLDER)
    asked = options.parse_args()
    corpus, clips = read_corpus(asked.data / "so762_features.npz"), read_clips(asked.data)
    stages = train(corpus)
    models, told = dict(stages.models), dict(stages.figures)
    witnesses = Witnesses()
    learners, assessed = assessments(clips, witnesses, models)
    rows, weights = rows_by_kind(learners, assessed), weights_of(learners, corpus)
    models |= {f"top.{kind}": fitted(one, weights, kind) for kind, one in rows.items()}
    told |= left_out_figures(rows, weights)
    cases = cases_of(clips, witnesses.lexicon, witnesses.aligner, COMMON.read_text("utf-8").split())
    observed = list(miscues.observe(cases, witnesses))
    models["missed"], models["extra"] = miscues.fit(observed)
    told |= _of_miscues(observed)
    _write(asked.out, models, told)


def assessments(
    clips: list[Clip], witnesses: Witnesses, models: dict[str, Model]
) -> tuple[list[Clip], list[Assessment]]:
    """Return the learners' recordings that can be aligned, and what the models of the corpus say of them."""
    found: list[tuple[Clip, Assessment]] = []
    for clip in clips:
        if clip.marks is None:
            continue
        words = [word["text"].lower() for word in clip.words]
        hearing, logs = witnesses.ear.hear(clip.samples), witnesses.phone_model.posteriors(clip.samples)
        evidence = witnesses.testify(hearing, logs, words, witnesses.aligned(clip.samples, words))
        told = assess(clip.samples, evidence, witnesses.aligner.states, models)
        if told is not None:
            found.append((clip, told))
    return [clip for clip, _ in found], [told for _, told in found]


def _of_miscues(observed: list[miscues.Observed]) -> dict[str, float]:
    predicted = miscues.cross_validated(observed)
    strong = miscues.figures([one for one in predicted if one.case.clip.accuracy >= 6])
    weak = miscues.figures([one for one in predicted if one.case.clip.accuracy < 6])
    told = {f"miscues.{name}": float(value) for name, value in strong._asdict().items()}
    return told | {"miscues.weak.cases": weak.cases, "miscues.weak.falsely_missed": weak.falsely_missed}


def _write(folder: Path, models: dict[str, Model], told: dict[str, float]) -> None:
    arrays: dict[str, np.ndarray] = {}
    for name, model in models.items():
        arrays |= arrays_of(name, model)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / NUMBERS, allow_pickle=False, **arrays)
    digest = hashlib.sha256((folder / NUMBERS).read_bytes()).hexdigest()
    about = {"version": VERSION, "sha256": digest, "figures": {name: round(value, 4) for name, value in told.items()}}
    (folder / FIGURES).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(about, indent=2))  # noqa: T201  # the command's answer


if __name__ == "__main__":
    main()
