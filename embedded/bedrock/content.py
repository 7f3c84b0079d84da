"""The blocks of a message as text, which is all that this stand-in reads."""

import json
from typing import Any

from embedded.bedrock.refusals import invalid


def text_of(block: dict[str, Any], place: str) -> str:
    """Return a block's words; markers of a cache have none, what a tool was asked and gave is shown as it is.

    Raises:
        Refused: it is blank, or of a kind that is not read here.
    """
    if "text" in block:
        return _written(block["text"], place)
    if "guardContent" in block:
        return _written((block["guardContent"].get("text") or {}).get("text"), place)
    if "toolUse" in block:
        return json.dumps(block["toolUse"].get("input"), ensure_ascii=False)
    if "toolResult" in block:
        results = block["toolResult"].get("content") or []
        return "\n".join(one.get("text") or json.dumps(one.get("json"), ensure_ascii=False) for one in results)
    if "cachePoint" in block:
        return ""
    kinds = ", ".join(block) or "nothing"
    raise invalid(f"The ContentBlock object at {place} holds {kinds}: this model reads text.")


def _written(text: Any, place: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise invalid(
            f"The text field in the ContentBlock object at {place} is blank. Add text to the text field, and try again."
        )
    return text
