"""What the engine works on."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["user", "assistant"]


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said, and when, in seconds since 1970."""

    role: Role
    text: str
    at: float | None = None


@dataclass(slots=True)
class Conversation:
    """One conversation as far as the map needs it; `text` is the beginning of what was said, cleaned."""

    conversation_id: str
    title: str | None
    began_at: float | None
    ended_at: float | None
    messages: int
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that a learner misuses, or is to practise; it belongs to conversations."""

    phrase_id: str
    said: str
    better: str
    count: int
    conversation_ids: tuple[str, ...]
    why: str | None = None


@dataclass(slots=True)
class Collection:
    """What was read: conversations in the order of their ids, phrases, and what was skipped, by reason."""

    conversations: list[Conversation] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    """English words that users said, where the export is a learner's own talk."""
    heard: Counter[str] = field(default_factory=Counter)
    """English words that others said to them."""
