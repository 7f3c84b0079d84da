"""The roster's wheel, and the heartbeat that goes round it."""

import time

import pytest

from web.realtime.sockets.heartbeat import Heartbeat
from web.realtime.sockets.port import Frame
from web.realtime.sockets.roster import SLOTS, Roster


class Stub:
    """A member that counts its beats."""

    closed = False
    queued = 0
    heard_at = 0.0

    def __init__(self, fails: bool = False) -> None:
        self.slot = 0
        self.beats: list[tuple[float, float]] = []
        self.fails = fails

    def beat(self, silent_since: float, round_began: float) -> None:
        self.beats.append((silent_since, round_began))
        if self.fails:
            raise ValueError("a broken connection")

    def send(self, frame: Frame) -> None:
        raise AssertionError

    def close(self, code: int, reason: str = "") -> None:
        raise AssertionError

    def cut_off(self) -> None:
        raise AssertionError


def test_members_are_spread_evenly_however_they_come() -> None:
    roster = Roster()
    for _ in range(3 * SLOTS):
        roster.add(Stub())
    assert {len(roster.on_slot(number)) for number in range(SLOTS)} == {3}
    assert len(roster) == 3 * SLOTS == len(list(roster))


def test_a_member_leaves_once() -> None:
    roster = Roster()
    member, other = Stub(), Stub()
    roster.add(member)
    roster.add(other)
    roster.discard(member)
    roster.discard(member)
    assert len(roster) == 1
    assert list(roster) == [other]
    assert member not in roster
    assert other in roster


def test_an_empty_roster_is_false() -> None:
    assert not Roster()


def test_every_member_beats_once_a_round_though_one_fails(capsys: pytest.CaptureFixture[str]) -> None:
    roster = Roster()
    members = [Stub(fails=number == 7) for number in range(SLOTS + 20)]
    for member in members:
        roster.add(member)
    heartbeat = Heartbeat(roster, 25.0)
    for number in range(SLOTS):
        heartbeat.beat_slot(number)
    assert {len(member.beats) for member in members} == {1}
    now = time.monotonic()
    assert all(
        now - silent >= 50.0 and silent + 25.0 == pytest.approx(began) for m in members for silent, began in m.beats
    )
    assert "heartbeat.failed" in "".join(capsys.readouterr())  # a test of the command line may have sent logs to stderr
