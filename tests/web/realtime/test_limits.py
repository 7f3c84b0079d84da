"""How many frames a connection, a person in a room, and a person may send."""

from web.realtime.limits import PeoplesLimits


def admitted(limits: list[object], rounds: int) -> int:
    return sum(one.admit() for _ in range(rounds) for one in limits)  # type: ignore[attr-defined]


def test_twelve_connections_of_one_person_in_one_room_speak_as_one() -> None:
    limits = PeoplesLimits(per_connection=40, per_person=120, processes=1)
    mine: list[object] = [limits.of("ann", "r1") for _ in range(12)]
    assert admitted(mine, 40) == 40
    assert limits.of("ben", "r1").admit()


def test_all_of_a_persons_connections_share_a_limit() -> None:
    limits = PeoplesLimits(per_connection=40, per_person=120, processes=1)
    mine: list[object] = [limits.of("ann", f"r{number}") for number in range(9)]
    assert admitted(mine, 40) == 120


def test_a_host_keeps_a_persons_limit_over_its_processes() -> None:
    each = [PeoplesLimits(per_connection=40, per_person=120, processes=3) for _ in range(3)]
    mine: list[object] = [one.of("ann", f"r{number}") for one in each for number in range(4)]
    assert admitted(mine, 40) == 120


def test_a_frame_that_is_refused_or_taken_back_costs_nothing() -> None:
    limits = PeoplesLimits(per_connection=2, per_person=2, processes=1)
    one, other = limits.of("ann", "r1"), limits.of("ann", "r2")
    assert [one.admit(), one.admit(), other.admit()] == [True, True, False]
    one.take_back()
    assert other.admit()
