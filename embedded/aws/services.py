"""Which services this endpoint answers itself, in place of ministack: a table from the signature's service name."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, NamedTuple

from embedded.aws.wire import Answer, Receive, Request, Scope, Send
from embedded.bedrock.choosing import chosen_engine
from embedded.bedrock.invocations import Invocations
from embedded.bedrock.service import Bedrock
from embedded.bedrock.settings import read_partner_settings
from embedded.polly.engine import Engine
from embedded.polly.service import Polly
from embedded.transcribe.bucket import Bucket
from embedded.transcribe.engine import Engine as HearingEngine
from embedded.transcribe.service import Transcribe
from embedded.transcribe.streaming import PATH as STREAMING_PATH
from embedded.transcribe.streaming import TranscribeStreaming

StandIn = Callable[[Request, bytes], Awaitable[Answer]]
"""Answers one request with its body; it runs on the event loop, so slow work belongs in a thread."""
SocketStandIn = Callable[[Scope, Receive, Send], Awaitable[None]]
"""Serves one WebSocket, from its opening to its end."""


class StandIns(NamedTuple):
    """The stand-ins by service name ("polly", "transcribe", "bedrock"), and those of WebSockets by path.

    What is not here goes to ministack.
    """

    services: dict[str, StandIn]
    sockets: dict[str, SocketStandIn]
    warm_up: Callable[[], Coroutine[Any, Any, None]]


def stand_ins(directory: Path) -> StandIns:
    """Return the stand-ins; `directory` is where one may keep files of its own. `warm_up` starts what takes a while."""
    partner = read_partner_settings(os.environ)
    speaking, hearing = Engine(), HearingEngine()

    async def warm_up() -> None:
        await asyncio.gather(speaking.warm_up(), hearing.warm_up())

    services: dict[str, StandIn] = {
        "bedrock": Bedrock(chosen_engine(partner), partner, Invocations(directory / "bedrock-invocations.jsonl")),
        "polly": Polly(speaking),
        "transcribe": Transcribe(hearing, Bucket.of_this_endpoint()),
    }
    return StandIns(services, {STREAMING_PATH: TranscribeStreaming(hearing)}, warm_up)
