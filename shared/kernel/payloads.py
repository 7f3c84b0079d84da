"""Texts that are too large for a message or an item of the table."""

import json
from typing import Any, Protocol

LARGEST_INLINE_BYTES = 48_000
LETTERS_PREFIX = "dead-letters/"
"""Of the keys of what dead letters hold; kept."""
CLAIMS_PREFIX = "claims/"
"""Of the keys of big jobs' arguments; removed after 30 days: a queue keeps a message for 14, its DLQ for 14 more."""


class TextReader(Protocol):
    """Large texts, as they are read again."""

    def read(self, key: str) -> str | None:
        """Return a text; None where it is gone."""


class Payloads(TextReader, Protocol):
    """A place for large texts."""

    def keep(self, text: str) -> str:
        """Store a text and return its key: a prefix and the text's SHA-256, so that the same text always has the same.

        Raises:
            Unavailable: it could not be stored; keeping it again is safe.
        """


def held_arguments(arguments: dict[str, Any], payloads: Payloads) -> dict[str, Any]:
    """Return `arguments` and `arguments_key`: the arguments up to 48 KB of JSON, else where they are kept."""
    text = json.dumps(arguments, ensure_ascii=False)
    if len(text.encode()) <= LARGEST_INLINE_BYTES:
        return {"arguments": arguments, "arguments_key": None}
    return {"arguments": None, "arguments_key": payloads.keep(text)}


def held_body(text: str | None, key: str | None, payloads: Payloads) -> dict[str, Any]:
    """Return `raw_body` and `raw_body_key`: up to 48 KB the text itself, else where it is kept."""
    if text is None or len(text.encode()) <= LARGEST_INLINE_BYTES:
        return {"raw_body": text, "raw_body_key": key}
    return {"raw_body": None, "raw_body_key": payloads.keep(text)}
