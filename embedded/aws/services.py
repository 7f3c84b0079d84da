"""Which services this endpoint answers itself, in place of ministack: a table from the signature's service name."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from embedded.aws.wire import Answer, Request
from embedded.bedrock.choosing import chosen_engine
from embedded.bedrock.invocations import Invocations
from embedded.bedrock.service import Bedrock
from embedded.bedrock.settings import read_partner_settings
from embedded.polly.engine import Engine
from embedded.polly.service import Polly
from embedded.transcribe.bucket import Bucket
from embedded.transcribe.engine import Engine as HearingEngine
from embedded.transcribe.service import Transcribe

StandIn = Callable[[Request, bytes], Awaitable[Answer]]
"""Answers one request with its body; it runs on the event loop, so slow work belongs in a thread."""


def stand_ins(directory: Path) -> dict[str, StandIn]:
    """Return the stand-ins by service name ("polly", "transcribe", "bedrock"); what is not here goes to ministack.

    `directory` is where a stand-in may keep files of its own.
    """
    partner = read_partner_settings(os.environ)
    return {
        "bedrock": Bedrock(chosen_engine(partner), partner, Invocations(directory / "bedrock-invocations.jsonl")),
        "polly": Polly(Engine()),
        "transcribe": Transcribe(HearingEngine(), Bucket.of_this_endpoint()),
    }
