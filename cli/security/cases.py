"""What a family of attacks tells of each attack, and how a handshake is asked for."""

from collections.abc import Callable, Iterator

import httpx

from cli.security.people import Person, Target

Case = tuple[str, bool, str]
"""What was tried, whether it was refused, and what was seen."""
Family = Callable[[Target, Person, Person], Iterator[Case]]
"""Attacks on a platform by a student and a tutor, strangers to each other."""

HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def case(what: str, answer: httpx.Response, *wanted: int) -> Case:
    """Return the case of an answer that must have one of these statuses."""
    return what, answer.status_code in wanted, str(answer.status_code)
