"""Converse's two answers: one JSON object, or a stream of events."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, NamedTuple
from uuid import uuid4

from embedded.aws.event_stream import event, failure
from embedded.bedrock.engine import ToolCall
from embedded.bedrock.refusals import Refused
from embedded.bedrock.speaking import Outcome

Parts = AsyncGenerator[str | ToolCall, None]


class Head(NamedTuple):
    """What an answer begins with: its first part, if it has any, and the rest."""

    first: str | ToolCall | None
    rest: Parts


async def whole(parts: Parts, outcome: Outcome) -> dict[str, Any]:
    """Return the answer of Converse, when all of it has been spoken."""
    tool: ToolCall | None = None
    texts: list[str] = []
    async with aclosing(parts):
        async for part in parts:
            if isinstance(part, ToolCall):
                tool = part
            else:
                texts.append(part)
    return {
        "output": {"message": {"role": "assistant", "content": _content(tool, "".join(texts))}},
        "stopReason": outcome.reason,
        "usage": outcome.usage,
        "metrics": {"latencyMs": outcome.milliseconds},
    }


async def begin(parts: Parts) -> Head:
    """Wait for the first part: what fails before it is answered by a status of its own."""
    return Head(await anext(parts, None), parts)


async def streamed(head: Head, outcome: Outcome) -> AsyncGenerator[bytes, None]:
    """Give the frames of ConverseStream; a failure in the middle is the last of them."""
    async with aclosing(head.rest):
        try:
            yield event("messageStart", {"role": "assistant"})
            if isinstance(head.first, ToolCall):
                use = {"toolUseId": _tool_use_id(), "name": head.first.name}
                yield event("contentBlockStart", {"start": {"toolUse": use}, "contentBlockIndex": 0})
            elif head.first:
                yield _delta(head.first, is_form=False)
            async for part in head.rest:
                if isinstance(part, str):
                    yield _delta(part, is_form=isinstance(head.first, ToolCall))
            yield event("contentBlockStop", {"contentBlockIndex": 0})
            yield event("messageStop", {"stopReason": outcome.reason})
            yield event("metadata", {"usage": outcome.usage, "metrics": {"latencyMs": outcome.milliseconds}})
        except Refused as refusal:
            yield failure(refusal.name_in_stream, refusal.message)


def _content(tool: ToolCall | None, text: str) -> list[dict[str, Any]]:
    if tool is None:
        return [{"text": text}] if text else []
    return [{"toolUse": {"toolUseId": _tool_use_id(), "name": tool.name, "input": _fields(text)}}]


def _fields(written: str) -> Any:
    """Return a form's fields; none where the answer's limit cut the form off."""
    try:
        return json.loads(written)
    except ValueError:
        return {}


def _delta(text: str, *, is_form: bool) -> bytes:
    delta = {"toolUse": {"input": text}} if is_form else {"text": text}
    return event("contentBlockDelta", {"delta": delta, "contentBlockIndex": 0})


def _tool_use_id() -> str:
    return f"tooluse_{uuid4().hex[:22]}"
