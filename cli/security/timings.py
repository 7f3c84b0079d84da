"""Whether answers tell by their time who is known: medians of known and unknown, asked in turns."""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple
from uuid import uuid4

import httpx

from cli.security.cases import Case
from cli.security.people import PASSWORD, Person, Target

TURNS = 15
WRONG_EACH = 3
"""Wrong passwords, codes and guesses of one person, and mails of each kind: below the ten from which on waits grow."""
RATIO, SECONDS = 0.10, 0.005
WRONG = "Wr0ng!password"


_Body = Callable[[str], dict[str, str]]
_BODIES: dict[str, _Body] = {
    "login": lambda one: {"email": one, "password": WRONG},
    "forgot": lambda one: {"email": one},
    "resend": lambda one: {"email": one},
    "confirm": lambda one: {"email": one, "code": "000000"},
    "reset": lambda one: {"email": one, "code": "000000", "newPassword": "An0ther!one"},
    "register": lambda one: {"email": one, "password": PASSWORD, "name": "Somebody", "role": "student"},
}
ROOM_PASSWORD = "room password"
QUESTIONS = (*_BODIES, ROOM_PASSWORD)


class Comparison(NamedTuple):
    """What one kind of question took, in seconds, for each of the two."""

    what: str
    known: list[float]
    unknown: list[float]
    statuses: tuple[Counter[str], Counter[str]]

    @property
    def answers(self) -> str:
        """Return which statuses came, of known and unknown."""
        return " / ".join(", ".join(sorted(of)) for of in self.statuses)

    @property
    def medians(self) -> tuple[float, float]:
        """Return the medians, in seconds."""
        return statistics.median(self.known), statistics.median(self.unknown)

    @property
    def is_even(self) -> bool:
        """Tell whether the medians are within a tenth of each other, or within 5 ms."""
        one, other = self.medians
        return abs(one - other) <= max(RATIO * max(one, other), SECONDS)


def even_answers(target: Target, _student: Person, _tutor: Person) -> Iterator[Case]:
    """Log-in, forgot, resend, confirm, reset, register and room passwords take as long for known and unknown."""
    for found in comparisons(target, TURNS):
        one, other = found.medians
        told = f"{one * 1000:.0f} ms known, {other * 1000:.0f} ms unknown: {found.answers}"
        yield found.what, found.is_even, told


def comparisons(target: Target, turns: int, only: Collection[str] = QUESTIONS) -> Iterator[Comparison]:
    """Ask each kind of question so many times of somebody known and, in turn, of somebody who is not."""
    known = [target.person() for _ in range(-(-turns // WRONG_EACH))]
    for name, body in _BODIES.items():

        def ask(number: int, *, is_known: bool, name: str = name, body: _Body = body) -> str:
            ghost = f"ghost-{uuid4().hex[:10]}@example.com"
            email = known[number % len(known)].email if is_known else ghost
            return _said(target.http.post(f"/api/auth/{name}", json=body(email)))

        if name in only:
            yield _compared(name, ask, turns)
    if ROOM_PASSWORD in only:
        yield _compared(ROOM_PASSWORD, _entering(known), turns)


def _entering(people: list[Person]) -> Callable[..., str]:
    """Return how the people try wrong passwords at each other's private rooms, and at rooms that are not there."""
    rooms = [one.room(isPrivate=True, password="sesame") for one in people]

    def enter(number: int, *, is_known: bool) -> str:
        at = number % len(people)
        room = rooms[at - 1] if is_known else uuid4()
        return _said(people[at].once("POST", f"/rooms/{room}/join", json={"password": "no"}))

    return enter


def _compared(what: str, ask: Callable[..., str], turns: int) -> Comparison:
    took: dict[bool, list[float]] = {True: [], False: []}
    statuses: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for number in range(turns):
        for is_known in (True, False):
            begun = time.perf_counter()
            statuses[is_known][ask(number, is_known=is_known)] += 1
            took[is_known].append(time.perf_counter() - begun)
    return Comparison(what, took[True], took[False], (statuses[True], statuses[False]))


def _said(answer: httpx.Response) -> str:
    """Return an answer's status and code.

    Raises:
        ValueError: the question itself was not understood, so that its time says nothing.
    """
    said = answer.json()
    if "details" in said:
        raise ValueError(f"not understood: {said['details']}")
    return f"{answer.status_code} {said.get('error', '')}".strip()
