"""The fast sums against adding up each changed sequence from the start."""

import numpy as np
import pytest

from speech.phones.arpabet import INDEX
from speech.phones.ctc import Sequence, log_likelihood
from speech.phones.posteriors import BLANK, Logs, log_sum

SOUNDS = [INDEX[phone] for phone in ("K", "AE", "T", "T", "S")]


@pytest.fixture(scope="module")
def logs() -> Logs:
    chance = np.random.default_rng(0).normal(0, 2, (30, BLANK + 1))
    return chance - log_sum(chance)[:, None]


@pytest.fixture(scope="module")
def sequence(logs: Logs) -> Sequence:
    return Sequence(logs, SOUNDS)


def test_forwards_is_the_likelihood(logs: Logs, sequence: Sequence) -> None:
    assert sequence.log_likelihood == pytest.approx(log_likelihood(logs, SOUNDS))


@pytest.mark.parametrize("place", range(len(SOUNDS)))
def test_another_sound_in_a_place(logs: Logs, sequence: Sequence, place: int) -> None:
    told = sequence.substitutions()[place] + sequence.log_likelihood
    for sound in range(BLANK):
        assert told[sound] == pytest.approx(log_likelihood(logs, [*SOUNDS[:place], sound, *SOUNDS[place + 1 :]]))


@pytest.mark.parametrize("place", range(len(SOUNDS) + 1))
def test_one_sound_more(logs: Logs, sequence: Sequence, place: int) -> None:
    told = sequence.insertion(place) + sequence.log_likelihood
    for sound in range(BLANK):
        assert told[sound] == pytest.approx(log_likelihood(logs, [*SOUNDS[:place], sound, *SOUNDS[place:]]))


@pytest.mark.parametrize("first", range(len(SOUNDS)))
@pytest.mark.parametrize("new", [[], [INDEX["T"]], [INDEX["AE"], INDEX["AE"], INDEX["K"]]])
def test_other_sounds_instead_of_some(logs: Logs, sequence: Sequence, first: int, new: list[int]) -> None:
    for last in range(first, len(SOUNDS) + 1):
        wanted = log_likelihood(logs, [*SOUNDS[:first], *new, *SOUNDS[last:]])
        told = sequence.instead(first, last, new) if new else sequence.without(first, last)
        assert told + sequence.log_likelihood == pytest.approx(wanted)
