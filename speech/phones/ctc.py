"""How well a sequence of sounds explains a recording, and what changing it in one place would do, by CTC.

A. Graves et al. (2006) sum over all ways that a sequence can lie in time. Nothing is aligned: what a sound is worth is
the ratio of two such sums, as in X. Cao et al. (2024), "alignment-free" goodness of pronunciation.
"""

import numpy as np
from numpy.typing import NDArray

from speech.phones.arpabet import PHONES
from speech.phones.posteriors import BLANK, Logs, log_sum

NEVER = -1e30
_SOUNDS = len(PHONES)

Labels = list[int]


def states_of(labels: Labels) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return a blank before, between and after the labels, and which states may be entered past the blank."""
    states = np.full(2 * len(labels) + 1, BLANK)
    states[1::2] = labels
    skips = np.zeros(len(states), bool)
    skips[3::2] = states[3::2] != states[1:-2:2]
    return states, skips


def log_likelihood(logs: Logs, labels: Labels) -> float:
    """Return the logarithm of the probability of a sequence."""
    states, skips = states_of(labels)
    ahead = _begin(logs, states)
    for row in logs[1:]:
        ahead = _step(ahead, skips) + row[states]
    return float(np.logaddexp(ahead[-1], ahead[-2])) if labels else float(ahead[-1])


def _begin(logs: Logs, states: NDArray[np.int64]) -> Logs:
    ahead = np.full(len(states), NEVER)
    ahead[: 1 + (len(states) > 1)] = logs[0][states[:2]]
    return ahead


def _step(ahead: Logs, skips: NDArray[np.bool_]) -> Logs:
    stayed = np.logaddexp(ahead, np.concatenate([[NEVER], ahead[:-1]]))
    skipped = np.logaddexp(stayed, np.concatenate([[NEVER, NEVER], ahead[:-2]])[: len(ahead)])
    return np.asarray(np.where(skips, skipped, stayed))


class Sequence:
    """A sequence of sounds in a recording, and the likelihood of others that differ from it in one place.

    All likelihoods are logarithms of ratios to this sequence: above 0 the other explains the recording better.
    """

    def __init__(self, logs: Logs, labels: Labels) -> None:
        """Sum forwards and backwards over all ways that the labels, at least one, can lie in the frames."""
        self.labels, self._logs = labels, logs
        states, skips = states_of(labels)
        emitted = logs[:, states]
        self._ahead = np.full(emitted.shape, NEVER)
        self._ahead[0] = _begin(logs, states)
        for time in range(1, len(logs)):
            self._ahead[time] = _step(self._ahead[time - 1], skips) + emitted[time]
        self._behind = np.full(emitted.shape, NEVER)
        self._behind[-1, -2:] = emitted[-1, -2:]
        backwards = np.concatenate([skips[2:], [False, False]])[::-1]
        for time in range(len(logs) - 2, -1, -1):
            self._behind[time] = _step(self._behind[time + 1][::-1], backwards)[::-1] + emitted[time]
        self.log_likelihood = float(np.logaddexp(self._ahead[-1, -1], self._ahead[-1, -2]))

    def substitutions(self) -> Logs:
        """Return, for every place, what each of the 39 sounds in place of its own would do."""
        return np.stack([self._one_sound(place, place + 1) for place in range(len(self.labels))])

    def insertion(self, place: int) -> Logs:
        """Return what each of the 39 sounds, added before a place, would do; the end is a place too."""
        return self._one_sound(place, place)

    def without(self, first: int, last: int) -> float:
        """Return what leaving out the labels from one place to before another would do."""
        blank, label = self._entry(first)
        before = self.labels[first - 1] if first else None
        return self._closed(blank, label, before, last) - self.log_likelihood

    def instead(self, first: int, last: int, labels: Labels) -> float:
        """Return what other labels, at least one, in place of those from one place to before another would do."""
        blank, label = self._entry(first)
        before = self.labels[first - 1] if first else None
        for sound in labels:
            entry = blank if before == sound else np.logaddexp(blank, label)
            label = _held(self._logs[:, sound], entry, at_once=before is None)
            blank = _held(self._logs[:, BLANK], label, at_once=False)
            before = sound
        return self._closed(blank, label, before, last) - self.log_likelihood

    def _one_sound(self, first: int, last: int) -> Logs:
        """Do what `instead` does, for each of the sounds at once."""
        blank, label = self._entry(first)
        entry = np.repeat(np.logaddexp(blank, label)[:, None], _SOUNDS, 1)
        if first:
            entry[:, self.labels[first - 1]] = blank
        label = _held(self._logs[:, :_SOUNDS], entry, at_once=first == 0)
        blank = _held(self._logs[:, BLANK : BLANK + 1], label, at_once=False)
        if last == len(self.labels):
            return np.asarray(np.logaddexp(blank[-1], label[-1]) - self.log_likelihood)
        label[:, self.labels[last]] = NEVER
        on = self._behind[1:, 2 * last + 1, None]
        return log_sum(np.logaddexp(blank, label)[:-1] + on, 0) - self.log_likelihood

    def _entry(self, place: int) -> tuple[Logs, Logs]:
        """Return how likely it is to be, at each time, in the blank before a place, and in the label before that."""
        label = self._ahead[:, 2 * place - 1] if place else np.full(len(self._logs), NEVER)
        return self._ahead[:, 2 * place], label

    def _closed(self, blank: Logs, label: Logs, before: int | None, place: int) -> float:
        """Return the sum over all ways to go on, after a label or its blank, with the labels from a place on."""
        if place == len(self.labels):
            return float(np.logaddexp(blank[-1], label[-1]))
        entry = blank if before == self.labels[place] else np.logaddexp(blank, label)
        found = float(log_sum(entry[:-1] + self._behind[1:, 2 * place + 1]))
        return found if before is not None else float(np.logaddexp(found, self._behind[0, 2 * place + 1]))


def _held(emitted: Logs, entry: Logs, *, at_once: bool) -> Logs:
    """Return how likely it is to be in a symbol, at each time, that is entered after `entry`.

    l[t] = e[t] + log(exp(l[t-1]) + exp(entry[t-1])), as a running sum; `at_once` it may also begin with the recording.
    """
    begun = np.concatenate([np.full_like(entry[:1], 0.0 if at_once else NEVER), entry[:-1]])
    total = np.cumsum(emitted, 0)
    return np.asarray(total + np.logaddexp.accumulate(begun - (total - emitted), 0))
