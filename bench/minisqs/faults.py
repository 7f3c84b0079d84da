"""Faults that can be ordered: for an action, a kind, and how many times."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

#: Kinds that are answers: status, content type, body.
ANSWERS: dict[str, tuple[int, str, bytes]] = {
    "500": (500, "text/html", b"<oops/>"),
    "503": (503, "text/html", b"<oops/>"),
    "408": (408, "text/html", b"<oops/>"),
    "429": (429, "text/html", b"<slow down/>"),
    "throttled": (400, "application/x-amz-json-1.0", b""),
    "expired": (403, "application/x-amz-json-1.0", b""),
    "denied": (403, "application/x-amz-json-1.0", b""),
    "garbage": (200, "application/x-amz-json-1.0", b"<html>not json"),
}
CODES = {"throttled": "RequestThrottled", "expired": "ExpiredToken", "denied": "AccessDenied"}
#: The nine kinds of the conformance suite: seven answers, a closed connection, and no answer at all.
KINDS = ("500", "503", "408", "429", "throttled", "expired", "garbage", "close", "hang")


@dataclass
class Fault:
    """One order: the next so many calls of an action (``*`` for all) fare so."""

    action: str
    kind: str
    times: int = 1


@dataclass(frozen=True)
class HttpAnswer:
    """An answer on the wire."""

    status: int
    content_type: str
    body: bytes
    code: str = ""


class HangUp(Exception):
    """The connection is to be closed without an answer."""


class Faults:
    """The faults on order, and how many calls were struck."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []
        self.struck = 0

    def order(self, fault: Fault) -> None:
        """Order a fault, after those ordered before."""
        self._ordered.append(fault)

    def clear(self) -> None:
        """Take back all orders."""
        self._ordered.clear()

    async def strike(self, action: str) -> HttpAnswer | None:
        """The faulty answer for this call, if one is due. Raises HangUp; may not return for an hour."""
        fault = next((one for one in self._ordered if one.action in (action, "*")), None)
        if fault is None:
            return None
        self.struck += 1
        fault.times -= 1
        if fault.times <= 0:
            self._ordered.remove(fault)
        if fault.kind == "hang":
            await asyncio.sleep(3600)
        if fault.kind in ("close", "hang"):
            raise HangUp
        status, content_type, body = ANSWERS[fault.kind]
        code = CODES.get(fault.kind, "")
        return HttpAnswer(status, content_type, body or refusal_body(code, "ordered"), code)


def refusal_body(code: str, message: str) -> bytes:
    """A refusal in SQS's JSON protocol."""
    return json.dumps({"__type__": f"com.amazonaws.sqs#{code}", "__type": code, "message": message}).encode()
