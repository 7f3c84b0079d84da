"""The form of what travels over the event bus between processes: a header line, then the JSON that clients get."""

from typing import NamedTuple

import orjson


class Push(NamedTuple):
    """JSON for every connection of a topic, but one user's where `except_user` is set."""

    payload: bytes
    except_user: str | None = None


class Sequenced(NamedTuple):
    """A room's message with its place; it is delivered once and in order."""

    epoch: str
    seq: int
    payload: bytes


class Resynced(NamedTuple):
    """A room's sequence began anew after `seq`."""

    epoch: str
    seq: int
    payload: bytes


class Close(NamedTuple):
    """An order to close connections of a topic; `only` narrows them by attribute."""

    code: int
    reason: str
    only: dict[str, str]


class Confirmable(NamedTuple):
    """A push to a user's channels; a process that holds one confirms by the token to the topic `reply_to`."""

    token: str
    reply_to: str
    payload: bytes


Parcel = Push | Sequenced | Resynced | Close | Confirmable


def pack_push(payload: bytes, except_user: str | None) -> bytes:
    """Return the bytes of a push."""
    return push_header(except_user) + b"\n" + payload


def push_header(except_user: str | None = None) -> bytes:
    """Return the header line of a push."""
    return b"p " + (except_user or "").encode()


def confirmable_header(token: str, reply_to: str) -> bytes:
    """Return the header line of a push that asks for a confirmation; no `reply_to` asks for none on the bus."""
    return f"q {token} {reply_to}".encode()


def pack_close(code: int, reason: str, only: dict[str, str]) -> bytes:
    """Return the bytes of an order to close."""
    return b"c\n" + orjson.dumps({"code": code, "reason": reason, "only": only})


def unpack(parcel: bytes) -> Parcel:
    """Return what a parcel says.

    Raises:
        ValueError: it has none of the known forms.
    """
    header, _, payload = parcel.partition(b"\n")
    kind, _, rest = header.partition(b" ")
    if kind == b"m":
        epoch, _, seq = rest.partition(b" ")
        return Sequenced(epoch.decode(), int(seq), payload)
    if kind == b"p":
        return Push(payload, rest.decode() or None)
    if kind == b"r":
        epoch, _, seq = rest.partition(b" ")
        return Resynced(epoch.decode(), int(seq), payload)
    if kind == b"q":
        token, _, reply_to = rest.decode().partition(" ")
        return Confirmable(token, reply_to, payload)
    if kind == b"c":
        return Close(**orjson.loads(payload))
    raise ValueError(f"unknown parcel {header[:40]!r}")
