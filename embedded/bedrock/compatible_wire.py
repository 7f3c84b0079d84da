"""The chat-completions format: a call's request in it, and one event of its stream read."""

from typing import Any, NamedTuple

from embedded.bedrock.asking import Asked
from embedded.bedrock.engine import Ended
from embedded.bedrock.tools import Choice, Tool

_REASONS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "content_filter": "content_filtered",
}
_MOST_STOPS = 4
"""Stop sequences that the format takes; the stand-in looks for all of them itself in any case."""


class Found(NamedTuple):
    """What one event brings; `is_form` tells a form's JSON from text."""

    text: str = ""
    is_form: bool = False
    tool: str = ""
    reason: str = ""
    input_tokens: int = 0
    output_tokens: int = 0

    def onto(self, ended: Ended) -> Ended:
        """Return the end as it is known with this event."""
        return Ended(
            self.reason or ended.reason,
            self.input_tokens or ended.input_tokens,
            self.output_tokens or ended.output_tokens,
        )


def request_of(model: str, asked: Asked) -> dict[str, Any]:
    """Return the body that asks the same of such an endpoint."""
    system = [{"role": "system", "content": asked.system}] if asked.system else []
    body: dict[str, Any] = {
        "model": model,
        "messages": [*system, *({"role": one.role, "content": one.text} for one in asked.said)],
        "max_tokens": asked.most_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if asked.temperature is not None:
        body["temperature"] = asked.temperature
    if asked.stop_sequences:
        body["stop"] = list(asked.stop_sequences[:_MOST_STOPS])
    if asked.tools.offered:
        body["tools"] = [_function(tool) for tool in asked.tools.offered]
        body["tool_choice"] = _choice(asked)
    return body


def piece_of(event: dict[str, Any]) -> Found:
    """Return what an event of the stream brings; what is not known is passed over."""
    usage = event.get("usage") or {}
    counted = (int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0))
    choices = event.get("choices") or []
    if not choices:
        return Found("", False, "", "", *counted)
    delta = choices[0].get("delta") or {}
    reason = _REASONS.get(choices[0].get("finish_reason") or "", "")
    calls = delta.get("tool_calls") or []
    if calls:
        function = calls[0].get("function") or {}
        # A second call beside the first is not asked for, and would spoil the first one's JSON.
        text = str(function.get("arguments") or "") if not calls[0].get("index") else ""
        return Found(text, True, str(function.get("name") or ""), reason, *counted)
    return Found(str(delta.get("content") or ""), False, "", reason, *counted)


def _function(tool: Tool) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema},
    }


def _choice(asked: Asked) -> Any:
    if asked.tools.choice is Choice.AUTO:
        return "auto"
    if asked.tools.choice is Choice.ANY:
        return "required"
    return {"type": "function", "function": {"name": asked.tools.named}}
