"""Amazon Bedrock Runtime's wire: Converse, ConverseStream and CountTokens, with the refusals that AWS gives."""

import json
import re
from contextlib import aclosing
from typing import Any
from uuid import uuid4

from embedded.aws.event_stream import CONTENT_TYPE
from embedded.aws.wire import Answer, Request
from embedded.bedrock.answers import Parts, begin, streamed, whole
from embedded.bedrock.asking import Asked, read_asked
from embedded.bedrock.engine import Engine
from embedded.bedrock.guarding import Guarded
from embedded.bedrock.invocations import Invocations
from embedded.bedrock.pace import Pace
from embedded.bedrock.refusals import Refused, invalid
from embedded.bedrock.settings import PartnerSettings
from embedded.bedrock.speaking import Outcome, spoken

_PATH = re.compile(r"/model/(.+)/(converse|converse-stream|count-tokens)")


class Bedrock:
    """The stand-in: call it with a request and its body. It runs on one event loop."""

    def __init__(self, engine: Engine, settings: PartnerSettings, invocations: Invocations) -> None:
        self._engine = engine
        self._pace = Pace(settings.first_token_seconds, settings.tokens_per_second)
        self._throttle_every = settings.throttle_every
        self._guarded = Guarded(settings.guarded_words)
        self._invocations = invocations
        self._calls = 0

    async def __call__(self, request: Request, body: bytes) -> Answer:
        """Answer one request; being cancelled ends what the engine does for it."""
        try:
            answer = await self._answer(request, body)
        except Refused as refusal:
            answer = refusal.answer
        answer.headers["x-amzn-requestid"] = str(uuid4())
        return answer

    async def _answer(self, request: Request, body: bytes) -> Answer:
        match = _PATH.fullmatch(request.path)
        if request.method != "POST" or match is None:
            raise Refused("UnknownOperationException", "This stand-in converses and counts tokens.")
        model, operation = match.groups()
        asked = _read(model, _parsed(body), operation)
        if operation == "count-tokens":
            return _json({"inputTokens": asked.tokens})
        self._throttle()
        outcome = Outcome(asked.tokens)
        parts = self._speak(operation, asked, outcome)
        if operation == "converse":
            return _json(await whole(parts, outcome))
        return Answer(200, streamed(await begin(parts), outcome), {"content-type": CONTENT_TYPE})

    def _throttle(self) -> None:
        self._calls += 1
        if self._throttle_every and self._calls % self._throttle_every == 0:
            raise Refused("ThrottlingException", "Too many requests, please wait before trying again.")

    async def _speak(self, operation: str, asked: Asked, outcome: Outcome) -> Parts:
        """Give the parts of an answer, and write down how it ended: well, refused, or nobody listened any more."""
        ending: dict[str, Any] = {"hungUp": True}
        engine = self._guarded if self._guarded.stops(asked) else self._engine
        try:
            async with aclosing(spoken(engine, asked, self._pace, outcome)) as parts:
                async for part in parts:
                    yield part
            ending = {"stopReason": outcome.reason}
        except Refused as refusal:
            ending = {"error": refusal.code}
            raise
        finally:
            usage = {"inputTokens": outcome.input_tokens, "outputTokens": outcome.output_tokens}
            self._invocations.note(operation, asked.model, **usage, latencyMs=outcome.milliseconds, **ending)


def _read(model: str, body: dict[str, Any], operation: str) -> Asked:
    shown = (body.get("input") or {}).get("converse") if operation == "count-tokens" else body
    try:
        return read_asked(model, shown)  # type: ignore[arg-type]
    except (AttributeError, KeyError, TypeError, StopIteration) as problem:
        # A client that is not boto3 can send any JSON; each shape is not checked for itself.
        raise invalid("The request does not have the shape of Converse's.") from problem


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise invalid("The body is not one JSON object.")
    return parsed


def _json(content: dict[str, Any]) -> Answer:
    return Answer(200, json.dumps(content, ensure_ascii=False).encode(), {"content-type": "application/json"})
