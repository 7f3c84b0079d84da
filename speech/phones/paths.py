"""The best paths through states: of one phone over given frames, and of any phones over a whole recording."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_NEVER = np.float32(-1e9)
_PENALTY = 10.0
"""Nats that a new phone costs in the free loop, so that it does not jump about."""

Likelihoods = NDArray[np.float32]


class FreeLoop(NamedTuple):
    """By frame: which phone fits best if any may follow any, how well, and whether it begins there."""

    phones: NDArray[np.int64]
    scores: Likelihoods
    begins: NDArray[np.bool_]


def best_path(likelihoods: Likelihoods) -> Likelihoods:
    """Return, for every phone, the score of its best way from left to right through all the frames."""
    if len(likelihoods) < likelihoods.shape[2]:
        return np.asarray(likelihoods.max(2).sum(0))
    score = np.full(likelihoods.shape[1:], _NEVER)
    score[:, 0] = likelihoods[0, :, 0]
    for frame in likelihoods[1:]:
        moved = score.copy()
        np.maximum(score[:, 1:], score[:, :-1], out=moved[:, 1:])
        score = moved + frame
    return np.asarray(score[:, -1])


def free_loop(likelihoods: Likelihoods) -> FreeLoop:
    """Return the best way through any phones (S. Young's "free phone loop"), each from left to right."""
    frames, phones, states = likelihoods.shape
    by_state = np.ascontiguousarray(likelihoods.transpose(0, 2, 1))
    came = np.zeros((frames, states, phones), bool)
    entered = np.zeros(frames, np.int64)
    score = np.full((states, phones), _NEVER)
    score[0] = by_state[0, 0]
    for time in range(1, frames):
        best = entered[time] = int(score[-1].argmax())
        enter = score[-1, best] - _PENALTY
        came[time, 0] = score[0] < enter
        came[time, 1:] = score[1:] < score[:-1]
        moved = np.empty_like(score)
        np.maximum(score[0], enter, out=moved[0])
        np.maximum(score[1:], score[:-1], out=moved[1:])
        score = moved + by_state[time]
    return _traced(likelihoods, came, entered, int(score[-1].argmax()))


def _traced(likelihoods: Likelihoods, came: NDArray[np.bool_], entered: NDArray[np.int64], phone: int) -> FreeLoop:
    frames, _, states = likelihoods.shape
    found = FreeLoop(np.zeros(frames, np.int64), np.zeros(frames, np.float32), np.zeros(frames, bool))
    state = states - 1
    for time in range(frames - 1, -1, -1):
        found.phones[time], found.scores[time] = phone, likelihoods[time, phone, state]
        if not (time and came[time, state, phone]):
            continue
        if state:
            state -= 1
        else:
            found.begins[time] = True
            phone, state = int(entered[time]), states - 1
    return found
