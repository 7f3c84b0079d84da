"""Which services this endpoint answers itself, in place of ministack: a table from the signature's service name."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from embedded.aws.wire import Answer, Request
from embedded.polly.engine import Engine
from embedded.polly.service import Polly

StandIn = Callable[[Request, bytes], Awaitable[Answer]]
"""Answers one request with its body; it runs on the event loop, so slow work belongs in a thread."""


def stand_ins(directory: Path) -> dict[str, StandIn]:
    """Return the stand-ins by service name ("polly", "transcribe", "bedrock"); what is not here goes to ministack.

    `directory` is where a stand-in may keep files of its own.
    """
    return {"polly": Polly(Engine())}
