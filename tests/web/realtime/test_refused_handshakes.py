"""Tickets that are tried out: after many refusals an address waits, and nobody asks the table for it."""

import pytest

from shared.kernel.errors import RateLimited
from web.realtime.refusals import REFUSED_IN_WINDOW, RefusedHandshakes


class Counted:
    def __init__(self) -> None:
        self.hits: dict[str, int] = {}

    def check(self, name: str, who: str, *, allowed: int, seconds: int) -> None:
        self.hits[who] = self.hits.get(who, 0) + 1
        if self.hits[who] > allowed:
            raise RateLimited("Too many.", "너무 많습니다.", retry_after=seconds)


def test_an_address_waits_after_too_many_refusals_and_no_other_does() -> None:
    limits = Counted()
    ours, theirs = RefusedHandshakes(limits), RefusedHandshakes(limits)
    for _ in range(REFUSED_IN_WINDOW):
        ours.admit("6.6.6.6")
        ours.count("6.6.6.6")
    theirs.admit("6.6.6.6")
    theirs.count("6.6.6.6")  # over all processes: this one refused but once
    with pytest.raises(RateLimited) as refused:
        theirs.admit("6.6.6.6")
    assert refused.value.retry_after in range(1, 11)
    theirs.admit("7.7.7.7")
