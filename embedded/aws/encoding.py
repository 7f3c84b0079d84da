"""How state becomes text and comes back: JSON with ministack's tags for its scoped dictionaries and bytes."""

import json
from typing import Any

from ministack.core import persistence


def encode(state: Any) -> str:
    """Return `state` as JSON; raises TypeError for what ministack's format cannot hold."""
    return json.dumps(state, default=persistence._json_default, separators=(",", ":"))


def decode(text: str) -> Any:
    """Return the state that `encode` was given."""
    return json.loads(text, object_hook=persistence._json_object_hook)
