"""What the models see of a sound and of a word: itself, its neighbours and its recording, which tell the microphone."""

import numpy as np

from speech.phones.goodness import FEATURES
from speech.scoring.numbers import Reals
from speech.scoring.table import Numbers, Table

AT = {name: index for index, name in enumerate(FEATURES)}
_OF_NEIGHBOURS = [AT[name] for name in ("lpp0", "gop", "rank", "d")]
_OF_CLIP = [AT[name] for name in ("d", "gop", "gops", "lpp0", "ent", "free", "num", "lgop")]
_SPREAD = 3
_NOBODY = -1.0


def phone_features(table: Table) -> Numbers:
    """Return one row a sound; the last column is which sound it is."""
    own, names = table.features, table.phone.astype(np.float32)
    place = np.arange(len(own)) - table.word_first[table.phone_word]
    size = table.word_phones[table.phone_word]
    before, after = _neighbours(table, names)
    mean, spread, energy = _of_clips(table)
    parts = [own, table.ratios, table.posteriors, np.c_[place, size, place == size - 1], before, after, mean, spread]
    length = own[:, :1]
    parts += [np.log(length), length / mean[:, :1], energy[:, None], names[:, None]]
    return np.hstack(parts).astype(np.float32)


def _neighbours(table: Table, names: Numbers) -> tuple[Numbers, Numbers]:
    told = np.c_[table.features[:, _OF_NEIGHBOURS], names].astype(np.float32)
    before, after = np.zeros_like(told), np.zeros_like(told)
    before[:, -1] = after[:, -1] = _NOBODY
    together = table.phone_clip[1:] == table.phone_clip[:-1]
    before[1:][together] = told[:-1][together]
    after[:-1][together] = told[1:][together]
    return before, after


def _of_clips(table: Table) -> tuple[Numbers, Numbers, Numbers]:
    """Return each sound's recording's means, spreads, and its energy against the recording's."""
    count = len(table.features)
    mean, spread = np.zeros((count, len(_OF_CLIP)), np.float32), np.zeros((count, _SPREAD), np.float32)
    energy = table.energy.copy()
    for part in table.phones_of:
        if part.start < part.stop:
            told = table.features[part][:, _OF_CLIP]
            mean[part], spread[part] = told.mean(0), told[:, :_SPREAD].std(0)
            energy[part] -= energy[part].mean()
    return mean, spread, energy


def summary(values: Numbers) -> list[float]:
    """Return mean, least, most, spread, median, and the mean of the two least."""
    least = np.sort(values)[:2].mean()
    return [float(one) for one in (values.mean(), values.min(), values.max(), values.std(), np.median(values), least)]


def word_features(table: Table, phone_scores: Numbers) -> Numbers:
    """Return one row a word, by the scores that its sounds got (0 to 2)."""
    means = np.add.reduceat(phone_scores, table.word_first) / table.word_phones
    of_clip = [table.features[part].mean(0) if part.start < part.stop else None for part in table.phones_of]
    rows = []
    for word, clip in enumerate(table.word_clip):
        first = table.word_first[word]
        part = slice(first, first + table.word_phones[word])
        told = table.features[part]
        rows.append(
            [
                *summary(phone_scores[part]),
                float(np.prod(np.clip(phone_scores[part], 0, 2) / 2)),
                *_place_of(table, word, means),
                float(phone_scores[table.phones_of[clip]].min()),
                *told.mean(0),
                *told.min(0),
                *told.max(0),
                *of_clip[clip],
            ]
        )
    return np.array(rows, np.float32)


def _place_of(table: Table, word: int, means: Reals) -> list[float]:
    """Return a word's size, its place in the sentence, and how its neighbours were said."""
    sentence = table.words_of[table.word_clip[word]]
    others, at = means[sentence], word - sentence.start
    size, frames = table.word_phones[word], table.word_frames[word]
    before = others[at - 1] if at else _NOBODY
    after = others[at + 1] if at + 1 < len(others) else _NOBODY
    told = (size, frames, frames / size, at, len(others), at == len(others) - 1, others.mean(), others.min())
    return [float(one) for one in (*told, before, after)]
