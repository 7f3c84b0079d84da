"""What a call asks: Converse's request, held to the rules that AWS holds it to."""

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from embedded.bedrock.content import text_of
from embedded.bedrock.refusals import invalid
from embedded.bedrock.tokens import PER_MESSAGE, count
from embedded.bedrock.tools import Tool, ToolUse, read_tools

MOST_TOKENS = 8192
"""Tokens that an answer takes at most: Claude 3.5 Haiku's limit, and what counts where a call names none."""
WINDOW = 200_000
"""Tokens that a conversation takes at most, of the same model."""
_MODEL = re.compile(
    r"(?:[a-z]{2,10}\.)?[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}(?:[.:][a-z0-9-]{1,63})*"
    r"|arn:aws(?:-[^:]+)?:bedrock:[a-z0-9-]{1,20}:(?:\d{12})?:[a-z-]+/[a-zA-Z0-9-:./]+"
)
_NO_TOOLS = ToolUse()
_MUST_START = (
    "A conversation must start with a user message. Try again with a conversation that starts with a user message."
)
_MUST_END = "A conversation must end with a user message. Try again with a conversation that ends with a user message."
_MUST_ALTERNATE = (
    "A conversation must alternate between user and assistant roles. "
    "Make sure the conversation alternates between user and assistant roles and try again."
)


class Said(NamedTuple):
    """One message: `role` is "user" or "assistant"."""

    role: str
    text: str


@dataclass(frozen=True)
class Asked:
    """A call's request; `tools` is empty where it may only be answered by text."""

    model: str
    system: str
    said: tuple[Said, ...]
    most_tokens: int = MOST_TOKENS
    stop_sequences: tuple[str, ...] = ()
    temperature: float | None = None
    tools: ToolUse = _NO_TOOLS
    is_guarded: bool = False

    @property
    def last(self) -> str:
        """Return what the user said last."""
        return self.said[-1].text

    @property
    def tokens(self) -> int:
        """Return the tokens that the model is shown."""
        texts = [self.system, *(one.text for one in self.said), *map(_written, self.tools.offered)]
        return sum(map(count, texts)) + PER_MESSAGE * len(self.said)


def read_asked(model: str, body: dict[str, Any]) -> Asked:
    """Return what a call asks.

    Raises:
        Refused: AWS would not take it; the message is AWS's where ours could be compared.
    """
    if not _MODEL.fullmatch(model):
        raise invalid("The provided model identifier is invalid.")
    inference = body.get("inferenceConfig") or {}
    asked = Asked(
        model,
        "\n".join(text_of(block, f"system.{at}") for at, block in enumerate(body.get("system") or [])),
        _read_said(body.get("messages") or []),
        _most_tokens(inference.get("maxTokens")),
        tuple(inference.get("stopSequences") or ()),
        _share(inference, "temperature"),
        read_tools(body.get("toolConfig")),
        bool((body.get("guardrailConfig") or {}).get("guardrailIdentifier")),
    )
    _share(inference, "topP")
    if asked.tokens > WINDOW:
        raise invalid("Input is too long for requested model.")
    return asked


def _read_said(messages: list[dict[str, Any]]) -> tuple[Said, ...]:
    said = tuple(Said(str(one.get("role")), _read_content(one, at)) for at, one in enumerate(messages))
    if not said or said[0].role != "user":
        raise invalid(_MUST_START)
    for before, after in pairwise(said):
        if after.role not in ("user", "assistant") or before.role == after.role:
            raise invalid(_MUST_ALTERNATE)
    if said[-1].role != "user":
        raise invalid(_MUST_END)
    return said


def _read_content(message: dict[str, Any], at: int) -> str:
    blocks = message.get("content") or []
    if not blocks:
        raise invalid(
            f"The content field in the Message object at messages.{at} is empty. "
            "Add a ContentBlock object to the content field and try again."
        )
    return "\n".join(text_of(block, f"messages.{at}.content.{place}") for place, block in enumerate(blocks))


def _most_tokens(given: Any) -> int:
    if given is None:
        return MOST_TOKENS
    if not isinstance(given, int) or given < 1:
        raise invalid(
            f"1 validation error detected: Value '{given}' at 'inferenceConfig.maxTokens' failed to satisfy "
            "constraint: Member must have value greater than or equal to 1"
        )
    if given > MOST_TOKENS:
        raise invalid(
            f"The maximum tokens you requested exceeds the model limit of {MOST_TOKENS}. "
            f"Try again with a maximum tokens value that is lower than {MOST_TOKENS}."
        )
    return given


def _share(inference: dict[str, Any], name: str) -> float | None:
    given = inference.get(name)
    if given is not None and not (isinstance(given, int | float) and 0 <= given <= 1):
        raise invalid(
            f"1 validation error detected: Value '{given}' at 'inferenceConfig.{name}' failed to satisfy "
            "constraint: Member must have value between 0 and 1"
        )
    return given


def _written(tool: Tool) -> str:
    return tool.name + tool.description + json.dumps(tool.schema)
