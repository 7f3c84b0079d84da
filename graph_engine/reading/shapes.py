"""The shapes in which exports write a conversation, each brought into the one that the engine knows.

Every field of a stranger's file may be missing, null, or of another type; nothing here raises.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from graph_engine.models import Role, Said

_ROLES: dict[str, Role] = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "ai": "assistant",
    "bot": "assistant",
    "model": "assistant",
}
_SPOKEN = frozenset({"text", "multimodal_text", None})
_MILLISECONDS_FROM = 1e11
_PAUSE_SECONDS = 6 * 3600.0
"""A room is cut where nobody spoke for so long; else one node would swallow everything."""


@dataclass(slots=True)
class Talk:
    """A conversation as it was read."""

    talk_id: str | None
    title: str | None
    began_at: float | None
    ended_at: float | None
    source: str
    said: list[Said] = field(default_factory=list)


def talks_of(found: Any, key: str) -> list[Talk]:
    """Return the conversations in one element of an export; none where it is of no known shape."""
    if not isinstance(found, dict):
        return []
    if "mapping" in found:
        return [_chatgpt(found)]
    if "chat_messages" in found:
        return [_claude(found)]
    if "sections" in found:
        return [_listed(found, "sections", str(found.get("source_type") or "note"))]
    if "messages" not in found:
        return []
    if key == "rooms" or "room_id" in found or "roomId" in found:
        return _pieces(_room(found))
    return [_listed(found, "messages", str(found.get("source") or "messages"))]


def seconds(value: Any) -> float | None:
    """Return a time in seconds since 1970; ISO 8601, seconds and milliseconds are understood."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        number = float(value)
        if not math.isfinite(number) or number <= 0:
            return None
        return _plausible(number / 1000 if number > _MILLISECONDS_FROM else number)
    try:
        moment = datetime.fromisoformat(str(value))
        return _plausible((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def _plausible(number: float) -> float | None:
    return number if 0 < number < _MILLISECONDS_FROM else None


def _chatgpt(found: dict[str, Any]) -> Talk:
    """Follow the branch that is shown now; abandoned branches, tools, hidden and system messages do not count."""
    tree = _object(found.get("mapping"))
    talk = Talk(
        _name(found, "conversation_id", "id", "conv_id"),
        _text(found.get("title")),
        seconds(found.get("create_time")),
        seconds(found.get("update_time")),
        "chatgpt",
    )
    for node in reversed(list(_branch(tree, found.get("current_node")))):
        said = _chatgpt_message(_object(tree[node].get("message")))
        if said is not None:
            talk.said.append(said)
    return talk


def _branch(tree: dict[str, Any], leaf: Any) -> Iterator[str]:
    """Give the nodes from the current leaf up to the root; a cycle ends where it closes."""
    node = leaf if isinstance(leaf, str) and leaf in tree else _newest_leaf(tree)
    seen: set[str] = set()
    while isinstance(node, str) and node not in seen and isinstance(tree.get(node), dict):
        seen.add(node)
        yield node
        node = tree[node].get("parent")


def _newest_leaf(tree: dict[str, Any]) -> str | None:
    leaves = [node for node, value in tree.items() if isinstance(value, dict) and not value.get("children")]
    return max(
        leaves, key=lambda node: seconds(_object(tree[node].get("message")).get("create_time")) or 0, default=None
    )


def _chatgpt_message(message: dict[str, Any]) -> Said | None:
    role = _role(_object(message.get("author")).get("role"))
    content = _object(message.get("content"))
    kind = content.get("content_type")
    is_hidden = bool(_object(message.get("metadata")).get("is_visually_hidden_from_conversation"))
    if role is None or is_hidden or not isinstance(kind, str | None) or kind not in _SPOKEN:
        return None
    return _said(role, content.get("parts"), message.get("create_time"))


def _claude(found: dict[str, Any]) -> Talk:
    return _listed(found, "chat_messages", "claude")


def _listed(found: dict[str, Any], key: str, source: str) -> Talk:
    talk = Talk(
        _name(found, "id", "uuid", "conversation_id", "conversationId", "room_id"),
        _text(found.get("title")) or _text(found.get("name")),
        seconds(_first(found, "create_time", "created_at", "createdAt")),
        seconds(_first(found, "update_time", "updated_at", "updatedAt")),
        source[:40],
    )
    for message in _objects(found.get(key)):
        role = _role(_first(message, "role", "sender") or "user")
        if role is not None:
            _add(talk, role, message)
    return talk


def _room(found: dict[str, Any]) -> Talk:
    """Read a room, where many people speak, each under a name of their own."""
    room = {**found, "id": _name(found, "id", "room_id", "roomId"), "messages": None}
    talk = _listed(room, "messages", "room")
    for message in _objects(found.get("messages")):
        _add(talk, _role(_first(message, "role", "sender")) or "user", message)
    return talk


def _add(talk: Talk, role: Role, message: dict[str, Any]) -> None:
    content = message.get("text") if isinstance(message.get("text"), str) else None
    said = _said(role, content or message.get("content"), _first(message, "created_at", "createdAt", "create_time"))
    if said is not None:
        talk.said.append(said)


def _pieces(room: Talk) -> list[Talk]:
    """Cut a room at its long pauses; the first piece keeps the room's id."""
    pieces: list[Talk] = []
    for said in room.said:
        last = pieces[-1].said[-1].at if pieces else None
        if not pieces or (said.at and last and said.at - last > _PAUSE_SECONDS):
            name = f"{room.talk_id}/{len(pieces) + 1}" if pieces and room.talk_id else room.talk_id
            pieces.append(Talk(name, room.title, said.at or room.began_at, said.at, room.source))
        pieces[-1].said.append(said)
        pieces[-1].ended_at = said.at or pieces[-1].ended_at
    return pieces or [room]


def _said(role: Role, content: Any, at: Any) -> Said | None:
    text = content if isinstance(content, str) else "\n".join(_parts(content))
    return Said(role, text, seconds(at)) if text.strip() else None


def _parts(content: Any) -> Iterator[str]:
    for part in content if isinstance(content, list) else ():
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict) and isinstance(part.get("text"), str):
            yield part["text"]


def _role(value: Any) -> Role | None:
    return _ROLES.get(value.lower()) if isinstance(value, str) else None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _first(found: dict[str, Any], *names: str) -> Any:
    return next((found[name] for name in names if found.get(name) is not None), None)


def _name(found: dict[str, Any], *names: str) -> str | None:
    value = _first(found, *names)
    return str(value)[:200] if isinstance(value, str | int) and str(value).strip() else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
