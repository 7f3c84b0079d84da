"""How well each aligned sound was said: goodness of pronunciation and what goes with it, in the layout of the corpus.

For the frames of a sound p, v(q) is the score a frame of the best way of any phone q through them.
GOP(p) = v(p) - max over q of v(q): S. Witt & S. Young, Speech Communication 30 (2000), equations 4 to 6, with the
maximum in place of the sum. lpr(q) = v(q) - v(p) and the mean log posteriors: W. Hu et al., Speech Communication 67
(2015). All scores are in nats a frame.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speech.hearing.mel import Samples
from speech.phones.alignment import AlignedPhone, Alignment
from speech.phones.arpabet import PHONES
from speech.phones.paths import FreeLoop, Likelihoods, best_path, free_loop
from speech.phones.posteriors import log_sum
from speech.phones.senones import States

FEATURES = (
    "d",
    "asc",
    "gop",
    "gops",
    "rank",
    "lpp0",
    "lpp1",
    "lppmin",
    "ent",
    "silp",
    "fr",
    "free",
    "num",
    "lgop",
    "lfr",
    "lseg",
)
"""By the names of the corpus's file, where each is defined: `d` frames; `asc` the aligned triphones' score; `gop`;
`gops` against the mean of the best three; `rank` how many sounds fit better; `lpp0`, `lpp1` mean log posterior with
scores scaled by 0.15 and 1, `lppmin` its least; `ent` entropy; `silp` how much better silence fits; `fr` share of
frames whose best phone it is; `free` the frames' best score; `num` v(p); `lgop` v(p) against the free loop; `lfr` share
of frames where the loop agrees; `lseg` phones that the loop begins, a frame."""
_SOFT, _HARD = 0.15, 1.0
_SILENCE = "SIL"
_HOP = 160


class Goodness(NamedTuple):
    """One row a sound: `features` by FEATURES, `ratios` and `posteriors` by PHONES, `energy` in dB."""

    features: NDArray[np.float32]
    ratios: NDArray[np.float32]
    posteriors: NDArray[np.float32]
    energy: NDArray[np.float32]


class _Clip(NamedTuple):
    likelihoods: Likelihoods
    best: Likelihoods
    soft: Likelihoods
    hard: Likelihoods
    loop: FreeLoop
    real: list[int]
    states: States


def goodness(samples: Samples, alignment: Alignment, states: States) -> Goodness:
    """Return how well each sound of an alignment was said, silences left out, in their order."""
    clip = _clip(alignment.likelihoods, states)
    phones = [phone for word in alignment.words if not word.is_silence for phone in word.phones]
    rows = [_row(clip, phone) for phone in phones]
    features, ratios, posteriors = (np.asarray([row[kind] for row in rows], np.float32) for kind in range(3))
    return Goodness(features, ratios, posteriors, _energy(samples, phones))


def _clip(likelihoods: Likelihoods, states: States) -> _Clip:
    best = likelihoods.max(2)
    soft, hard = (scale * best - log_sum(scale * best)[:, None] for scale in (_SOFT, _HARD))
    real = [states.phones.index(phone) for phone in PHONES]
    return _Clip(likelihoods, best, soft, hard, free_loop(likelihoods), real, states)


def _row(clip: _Clip, phone: AlignedPhone) -> tuple[list[float], Likelihoods, Likelihoods]:
    start = min(phone.start, len(clip.best) - 1)
    end = max(min(phone.start + phone.frames, len(clip.best)), start + 1)
    size, own = end - start, clip.states.phones.index(phone.name)
    scores = best_path(clip.likelihoods[start:end]) / size
    fits, mine = scores[clip.real], scores[own]
    soft, loop = clip.soft[start:end], clip.loop.phones[start:end]
    features = [
        size,
        phone.score / size,
        mine - fits.max(),
        mine - np.sort(fits)[-3:].mean(),
        (fits > mine).sum(),
        soft[:, own].mean(),
        clip.hard[start:end, own].mean(),
        soft[:, own].min(),
        -(np.exp(soft) * soft).sum(1).mean(),
        scores[clip.states.phones.index(_SILENCE)] - mine,
        (clip.best[start:end].argmax(1) == own).mean(),
        clip.best[start:end][:, clip.real].max(1).mean(),
        mine,
        mine - clip.loop.scores[start:end].mean(),
        (loop == own).mean(),
        clip.loop.begins[start:end].sum() / size,
    ]
    return [float(value) for value in features], fits - mine, soft[:, clip.real].mean(0)


def _energy(samples: Samples, phones: list[AlignedPhone]) -> NDArray[np.float32]:
    count = len(samples) // _HOP
    power = (samples[: count * _HOP].astype(np.float32).reshape(count, _HOP) ** 2).mean(1)
    levels = 10 * np.log10(power + 1)
    starts = [min(phone.start, count - 1) for phone in phones]
    ends = [max(min(phone.start + phone.frames, count), start + 1) for phone, start in zip(phones, starts, strict=True)]
    return np.asarray([levels[start:end].mean() for start, end in zip(starts, ends, strict=True)], np.float32)
