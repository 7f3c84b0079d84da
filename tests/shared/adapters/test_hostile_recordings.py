"""Sixty hostile uploads, as far as the guard: each is heard or refused, and costs at most two seconds."""

import contextlib
import resource

import pytest

from shared.adapters.audio_guard.guard import AudioGuard
from shared.kernel.recordings import AudioTooLarge, AudioTooLong, UnreadableAudio
from tests.flows.hostile import upload

COUNT, EACH = 60, 12
MOST_SECONDS = 2.5
"""Two seconds of the processor, counted in whole seconds by the kernel, and what starting takes."""


def used() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


@pytest.mark.parametrize("first", range(0, COUNT, EACH))
def test_a_hostile_recording_is_heard_or_refused_and_costs_little(first: int) -> None:
    guard = AudioGuard()
    for number in range(first, first + EACH):
        one = upload(number)
        for _, (_, content, _) in one.files:
            before = used()
            with contextlib.suppress(UnreadableAudio, AudioTooLong, AudioTooLarge):
                assert 0 < guard.listen(content).sound.seconds <= 60.5, one.what
            assert used() - before <= MOST_SECONDS, one.what
