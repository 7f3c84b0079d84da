"""Whether answers tell by their time who is known: medians of known and unknown, asked in turns."""

import statistics
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

from cli.security.cases import Case
from cli.security.people import Person, Target

TURNS = 15
"""Each account is wrong five times: below the ten from which on waits grow."""
RATIO, SECONDS = 0.10, 0.005
WRONG = "Wr0ng!password"


def even_answers(target: Target, student: Person, _tutor: Person) -> Iterator[Case]:
    """Log-in, forgot, resend, confirm, reset and room passwords take as long for known and unknown."""
    known = [target.person().email for _ in range(3)]
    room = target.person().room(isPrivate=True, password="sesame")

    def email(number: int, *, is_known: bool) -> str:
        return known[number % len(known)] if is_known else f"ghost-{uuid4().hex[:10]}@example.com"

    bodies: dict[str, Callable[[str], dict[str, str]]] = {
        "login": lambda one: {"email": one, "password": WRONG},
        "forgot": lambda one: {"email": one},
        "resend": lambda one: {"email": one},
        "confirm": lambda one: {"email": one, "code": "000000"},
        "reset": lambda one: {"email": one, "code": "000000", "newPassword": "An0ther!one"},
    }
    for name, body in bodies.items():

        def ask(number: int, is_known: bool, name: str = name, body: Callable[[str], dict[str, str]] = body) -> None:
            target.http.post(f"/api/auth/{name}", json=body(email(number, is_known=is_known)))

        yield name, *_compared(ask)

    def enter(_number: int, is_known: bool) -> None:
        student.once("POST", f"/rooms/{room if is_known else uuid4()}/join", json={"password": "no"})

    yield "room password", *_compared(enter, turns=9)


def _compared(ask: Callable[[int, bool], None], turns: int = TURNS) -> tuple[bool, str]:
    took: dict[bool, list[float]] = {True: [], False: []}
    for number in range(turns):
        for is_known in (True, False):
            begun = time.monotonic()
            ask(number, is_known)
            took[is_known].append(time.monotonic() - begun)
    one, other = statistics.median(took[True]), statistics.median(took[False])
    is_even = abs(one - other) <= max(RATIO * max(one, other), SECONDS)
    return is_even, f"{one * 1000:.0f} ms known, {other * 1000:.0f} ms unknown"
