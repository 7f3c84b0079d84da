"""Scoring: agreement with experts, words missed and added, hints, and the cost of all of it."""

import time

import numpy as np

from bench.speech_rows import Bench, Row, row
from speech.hearing.mel import RATE
from speech.phones.text import spoken_words
from speech.scoring.assess import assess, scored
from speech.scoring.difficulties import hinted, suspicions
from speech.scoring.model import read_models
from speech.scoring.scorer import Scorer
from speech.training import miscues
from speech.training.__main__ import COMMON, assessments
from speech.training.cases import cases_of
from speech.training.stacking import rows_by_kind, weights_of
from speech.training.validating import left_out_figures

STRONG = 6
_SHOWN = {"phone": ("≥", 0.64), "word": ("≥", 0.72), "total": ("≥", 0.88)}
_CORPUS = {"phone": ("≥", 0.47), "word": ("≥", 0.50), "total": ("≥", 0.75)}


def scoring_rows(bench: Bench) -> list[Row]:
    """Return the agreement on the clips, one speaker left out, and what scoring costs."""
    learners, assessed = assessments(bench.clips, bench.witnesses, bench.stages.models)
    rows = rows_by_kind(learners, assessed)
    figures = left_out_figures(rows, weights_of(learners, bench.corpus))
    count = f"on {len(learners)} clips, r"
    told = [
        row(f"{kind}: agreement with experts {count}", figures[f"clips.{kind}"], "{:.3f}", _SHOWN.get(kind))
        for kind in rows
    ]
    return [*told, row("scoring: processor seconds a second", _cost(bench), "{:.3f}", ("≤", 0.4))]


def corpus_rows(bench: Bench) -> list[Row]:
    """Return the agreement on the corpus's test half, by its stored features."""
    count = int((bench.corpus.is_test & np.array([one.start < one.stop for one in bench.corpus.table.phones_of])).sum())
    return [
        row(f"{kind}: on {count} clips of the corpus, r", figure, "{:.3f}", _CORPUS.get(kind))
        for kind, figure in bench.stages.figures.items()
    ]


def miscue_rows(bench: Bench) -> list[Row]:
    """Return how many missed and added words are found, by speakers left out."""
    made = cases_of(bench.clips, bench.witnesses.lexicon, bench.witnesses.aligner, COMMON.read_text("utf-8").split())
    predicted = miscues.cross_validated(list(miscues.observe(made, bench.witnesses)))
    strong = miscues.figures([one for one in predicted if one.case.clip.accuracy >= STRONG])
    weak = miscues.figures([one for one in predicted if one.case.clip.accuracy < STRONG])
    return [
        row(f"missed words found ({strong.cases} cases)", strong.found, "{:.3f}", ("≥", 0.9)),
        row("words said and called missed, %", 100 * strong.falsely_missed, "{:.2f}", ("≤", 2)),
        row("extra words found", strong.extras_found, "{:.3f}", ("≥", 0.6)),
        row("false extra words in 100 words", strong.false_extras, "{:.2f}", ("≤", 2.5)),
        row(
            f"below accuracy 6: said and called missed, % ({weak.cases} cases)",
            100 * weak.falsely_missed,
            "{:.1f}",
            ("≤", 12),
        ),
    ]


def hint_rows(bench: Bench) -> list[Row]:
    """Return how often natives are told that they have a Korean accent."""
    models, words, told = read_models(), 0, 0
    for clip in bench.natives:
        wanted = spoken_words(clip.text)
        hearing, logs = bench.witnesses.ear.hear(clip.samples), bench.witnesses.phone_model.posteriors(clip.samples)
        evidence = bench.witnesses.testify(hearing, logs, wanted, bench.witnesses.aligned(clip.samples, wanted))
        assessed = assess(clip.samples, evidence, bench.witnesses.aligner.states, models)
        if assessed is not None:
            found = suspicions(evidence, scored(assessed, models).phones.tolist())
            words, told = words + len(wanted), told + len(hinted(found, []))
    return [row(f"hints on natives, % of {words} words", 100 * told / words, "{:.2f}", ("≤", 1.5))]


def _cost(bench: Bench) -> float:
    scorer = Scorer()
    clips = bench.clips[::4]
    scorer.score(clips[0].samples.tobytes(), clips[0].text)
    begun = time.process_time()
    for clip in clips:
        scorer.score(clip.samples.tobytes(), clip.text)
    return (time.process_time() - begun) / (sum(len(clip.samples) for clip in clips) / RATE)
