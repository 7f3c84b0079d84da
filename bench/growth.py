"""Reads and writes of the API as their kind grows: ``python -m bench.growth [sizes]``, by default ``100,1000,10000``.

Before each size so many items of every kind are in the table: rooms, tutors and dead letters of everybody; messages of
one room, notifications, turns, results and the rest of one person. The gateway runs in this process on the laptop's AWS
and Redis. A row tells the median in milliseconds and the capacity units of a call at each size,
and both at the largest over the smallest; what is above 1.5 times in units is named at the end.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.growth_items import OWN, SHARED, Person, filling
from bench.growth_rig import Gateway, gateway
from shared.adapters.aws.resources.user_pool import OPERATORS

SIZES = (100, 1_000, 10_000)
TIMES = 7
FLAT = 1.5
PACE_SECONDS = 0.011
"""200 requests in any two seconds are allowed to each person."""

Body = Callable[[Person], Any]


@dataclass(frozen=True, eq=False)
class Call:
    """One read or write: who makes it (`me`, `tutor`, `operator`), its address, its body, and how often it is made."""

    method: str
    path: str
    who: str = "me"
    body: Any = None
    times: int = TIMES


CALLS: tuple[Call, ...] = (
    Call("GET", "/rooms"),
    Call("GET", "/rooms?level=beginner"),
    Call("GET", "/rooms?joined=true"),
    Call("GET", "/rooms/{roomId}"),
    Call("POST", "/rooms", body={"name": "One more", "level": "beginner"}, times=5),
    Call("GET", "/rooms/{roomId}/messages"),
    Call("GET", "/rooms/{roomId}/messages?limit=100"),
    Call("GET", "/api/notifications"),
    Call("GET", "/api/notifications?unread=true"),
    Call("GET", "/api/ai/conversations"),
    Call("GET", "/api/ai/conversations/{conversationId}"),
    Call("GET", "/api/stt/results"),
    Call("GET", "/api/stt/results/{resultId}"),
    Call("GET", "/api/practice/review"),
    Call("GET", "/api/notebook"),
    Call("GET", "/api/notebook?due=true"),
    Call("GET", "/api/sessions"),
    Call("POST", "/api/sessions/start", body={"sessionType": "practice"}, times=5),
    Call("GET", "/api/statistics/daily"),
    Call("GET", "/api/me/sign-ins"),
    Call("GET", "/api/graphs"),
    Call("GET", "/api/feedback?with={tutorEmail}"),
    Call("GET", "/api/tutors"),
    Call("GET", "/api/tutors?search=kim"),
    Call("GET", "/api/tutors?search=nobody"),
    Call("GET", "/api/tutors/requests", "tutor"),
    Call("GET", "/api/tutor/students", "tutor"),
    Call("GET", "/api/operations/dead-letters", "operator"),
    Call("GET", "/api/operations/dead-letters/{letterId}", "operator"),
    Call("POST", "/api/notifications/read-all", times=1),
)


@dataclass
class Row:
    """What a call took and used at each size."""

    milliseconds: list[float] = field(default_factory=list)
    units: list[float] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """Return how many times the units of the smallest size the largest one used."""
        return self.units[-1] / max(self.units[0], 0.5)


def main(arguments: list[str]) -> None:
    """Fill, call, print; a table after each size, of which the last is whole."""
    sizes = tuple(map(int, arguments[0].split(","))) if arguments else SIZES
    rows = {call: Row() for call in CALLS}
    with gateway() as on:
        operator = on.sign_in("tutor", (OPERATORS,))
        everybody: Person = Person(userId=operator["userId"])
        before = 0
        for size in sizes:
            people = _filled(on, everybody, operator, range(before, size))
            for call in CALLS:
                _measure(on, call, people, rows[call])
            before = size
            _show(sizes[: sizes.index(size) + 1], rows)


def _filled(on: Gateway, everybody: Person, operator: Person, more: range) -> dict[str, Person]:
    """Bring what is everybody's to a size, and make a person who has as much."""
    me, tutor = on.sign_in("student"), on.sign_in("tutor")
    me |= {"tutorId": tutor["userId"], "tutorEmail": tutor["email"]}
    with filling(on.context.table) as into:
        for fill in SHARED:
            fill(into, everybody, more)
        one_room = Person(me)
        SHARED[0](into, one_room, range(more.stop, more.stop + min(more.stop, 100)))
        me["roomId"] = one_room["roomId"]
        for fill in OWN:
            fill(into, me, range(more.stop))
    return {"me": me | everybody | me, "tutor": tutor, "operator": operator | {"letterId": everybody["letterId"]}}  # type: ignore[dict-item]


def _measure(on: Gateway, call: Call, people: dict[str, Person], row: Row) -> None:
    who = people[call.who]
    path = call.path.format(**who)
    taken, units = [], []
    for _ in range(call.times):
        began = time.perf_counter()
        on.call(who, call.method, path, call.body)
        taken.append(time.perf_counter() - began)
        units.append(on.capacity.read + on.capacity.write)
        time.sleep(PACE_SECONDS)
    row.milliseconds.append(median(taken) * 1000)
    row.units.append(median(units))


def _show(sizes: tuple[int, ...], rows: dict[Call, Row]) -> None:
    heads = "".join(f"{size:>17,}" for size in sizes)
    print(f"{'':47}{heads}{'ms':>8}{'units':>8}\n{'':47}" + f"{'ms':>9}{'units':>8}" * len(sizes) + f"{'x':>8}{'x':>8}")
    for call, row in rows.items():
        cells = "".join(f"{took:9.1f}{used:8.1f}" for took, used in zip(row.milliseconds, row.units, strict=True))
        slower = row.milliseconds[-1] / row.milliseconds[0]
        print(f"{call.method + ' ' + call.path:47}{cells}{slower:8.1f}{row.growth:8.1f}")
    grown = [f"{call.method} {call.path}" for call, row in rows.items() if row.growth > FLAT]
    print(f"above {FLAT} times: {', '.join(grown) or 'nothing'}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
