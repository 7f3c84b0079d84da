"""A model behind an OpenAI-compatible endpoint: /chat/completions, streamed, its errors told as Bedrock's."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import httpx

from embedded.bedrock.asking import Asked
from embedded.bedrock.compatible_wire import piece_of, request_of
from embedded.bedrock.engine import Ended, Piece, ToolCall
from embedded.bedrock.refusals import Refused
from embedded.bedrock.settings import Compatible

CONNECT_SECONDS = 5.0
SILENT_SECONDS = 60.0
"""How long the model may be silent: a model on a laptop is loaded at its first question."""
_THROTTLED = frozenset({429, 503})
_TIMED_OUT = frozenset({408, 504})


class CompatibleEngine:
    """Speaks as the model does, at the model's own pace."""

    is_paced = True

    def __init__(self, endpoint: Compatible) -> None:
        self._endpoint = endpoint
        key = {"authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
        self._headers = {"accept": "text/event-stream"} | key
        self._timeout = httpx.Timeout(SILENT_SECONDS, connect=CONNECT_SECONDS)

    async def answer(self, asked: Asked) -> AsyncGenerator[Piece, None]:
        """Give what the model says; closing this closes the connection, by which such endpoints stop."""
        body = request_of(self._endpoint.model, asked)
        try:
            async with (
                httpx.AsyncClient(timeout=self._timeout) as client,
                client.stream(
                    "POST", f"{self._endpoint.url}/chat/completions", json=body, headers=self._headers
                ) as response,
            ):
                await _require_success(response)
                async for piece in _pieces(response.aiter_lines()):
                    yield piece
        except httpx.TimeoutException as silence:
            raise Refused("ModelTimeoutException", "The model took too long to answer.") from silence
        except httpx.HTTPError as failure:
            raise Refused("ModelErrorException", f"The model's endpoint failed: {failure!r}") from failure


async def _require_success(response: httpx.Response) -> None:
    if response.is_success:
        return
    told = (await response.aread()).decode("utf-8", "replace")[:500]
    if response.status_code in _THROTTLED:
        raise Refused("ThrottlingException", "Too many requests, please wait before trying again.")
    if response.status_code in _TIMED_OUT:
        raise Refused("ModelTimeoutException", "The model took too long to answer.")
    raise Refused("ModelErrorException", f"The model's endpoint answered {response.status_code}: {told}")


async def _pieces(lines: AsyncIterator[str]) -> AsyncGenerator[Piece, None]:
    """Give the pieces of a stream of server-sent events; a tool is announced once, however many parts it has."""
    ended, tool = Ended(), None
    is_whole = False
    async for line in lines:
        told = line.removeprefix("data:").strip() if line.startswith("data:") else ""
        if told == "[DONE]":
            is_whole = True
            break
        found = piece_of(_parsed(told)) if told else None
        if found is None:
            continue
        if found.tool and tool is None:
            tool = found.tool
            yield ToolCall(tool)
        if found.text and bool(tool) == found.is_form:
            yield found.text
        ended = found.onto(ended)
        is_whole = is_whole or bool(found.reason)
    if not is_whole:
        raise Refused("ModelErrorException", "The model broke off.")
    # Some endpoints end a forced form with "stop".
    yield ended._replace(reason="tool_use") if tool and ended.reason == "end_turn" else ended


def _parsed(told: str) -> dict[str, Any]:
    try:
        parsed = json.loads(told)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict) or "error" in parsed:
        raise Refused("ModelErrorException", f"The model's endpoint sent an error: {told[:500]}")
    return parsed
