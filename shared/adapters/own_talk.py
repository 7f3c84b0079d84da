"""A person's own rooms and conversations, from the table, as the graph engine reads them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from shared.domains.accounts.ports import AccountStore
from shared.domains.conversations.models import Conversation, Span, Turn
from shared.domains.conversations.ports import ConversationStore
from shared.domains.messages.models import PARTNER_ID, Message, MessageType
from shared.domains.messages.ports import MessageReader
from shared.domains.notebook.models import MistakeKind
from shared.domains.notebook.ports import NotebookStore
from shared.domains.rooms.models import Room
from shared.domains.rooms.ports import RoomStore

MOST_CONVERSATIONS, MOST_ROOMS, MOST_MESSAGES = 2_000, 200, 2_000
"""The newest of a person's conversations and rooms, and of each room's messages."""
MOST_ENTRIES = 500
"""Entries of a person's notebook that are looked at."""
_PAGE = 100
_SPOKEN = frozenset({MessageType.TEXT, MessageType.AI_RESPONSE})


class StoredTalk:
    """The port OwnTalk."""

    def __init__(self, conversations: ConversationStore, rooms: RoomStore, messages: MessageReader) -> None:
        """Use the stores."""
        self._conversations, self._rooms, self._messages = conversations, rooms, messages

    def conversations(self, user_id: str) -> Iterator[dict[str, Any]]:
        """Give each conversation with the partner, then each room, newest first."""
        for conversation in _newest_conversations(self._conversations, user_id):
            yield _talk(conversation, self._conversations.turns_of(conversation.conversation_id))
        for room in self._joined(user_id):
            yield _room(room, self._said(room.room_id), user_id)

    def _joined(self, user_id: str) -> Iterator[Room]:
        position, left = None, MOST_ROOMS
        while left > 0:
            page = self._rooms.joined_by(user_id, limit=20, position=position)
            yield from page.items[:left]
            left, position = left - len(page.items), page.position
            if position is None:
                return

    def _said(self, room_id: str) -> list[Message]:
        """Return the newest messages of a room, oldest first."""
        found: list[Message] = []
        before = None
        while len(found) < MOST_MESSAGES:
            page = self._messages.before(room_id, before, limit=_PAGE)
            found += page.items
            if len(page.items) < _PAGE:
                break
            before = page.items[-1].created_at
        return found[::-1]


class CorrectedPhrases:
    """The port PhraseSource, by what the AI partner corrected."""

    def __init__(self, conversations: ConversationStore) -> None:
        """Use the store."""
        self._conversations = conversations

    def phrases(self, user_id: str) -> Iterator[dict[str, Any]]:
        """Give each change of words that was made in the person's sentences, with how often and in which talks."""
        found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for conversation in _newest_conversations(self._conversations, user_id):
            for turn in self._conversations.turns_of(conversation.conversation_id):
                for span in turn.correction.spans if turn.correction else ():
                    why = turn.correction.why if turn.correction else ""
                    found[_change(span)].append((conversation.conversation_id, why))
        for (said, better), places in found.items():
            yield {
                "phraseId": "correction-" + hashlib.sha256(f"{said}\n{better}".encode()).hexdigest()[:16],
                "said": said,
                "better": better,
                "why": places[0][1],
                "count": len(places),
                "conversationIds": sorted({conversation for conversation, _ in places}),
            }


class NotebookPhrases:
    """The port PhraseSource, by the notebook: what was mispronounced, and what tutors corrected."""

    def __init__(self, notebook: NotebookStore) -> None:
        """Use the store."""
        self._notebook = notebook

    def phrases(self, user_id: str) -> Iterator[dict[str, Any]]:
        """Give each entry that is not known by heart; the AI partner's corrections have a source of their own."""
        for entry in self._notebook.all_of(user_id, limit=MOST_ENTRIES):
            if not entry.known and entry.kind is not MistakeKind.CORRECTION:
                yield {
                    "phraseId": f"notebook-{entry.entry_id}",
                    "said": entry.said,
                    "better": entry.better,
                    "why": entry.why or "",
                    "count": entry.count,
                    "conversationIds": [],
                }


class AccountLevels:
    """The port Learner, by accounts."""

    def __init__(self, accounts: AccountStore) -> None:
        """Use the store."""
        self._accounts = accounts

    def level_of(self, user_id: str) -> str | None:
        """Return the level of their account."""
        account = self._accounts.get(user_id)
        return account.level if account else None


def _newest_conversations(store: ConversationStore, user_id: str) -> Iterator[Conversation]:
    position, left = None, MOST_CONVERSATIONS
    while left > 0:
        page = store.list_of(user_id, position=position, limit=_PAGE)
        yield from page.items[:left]
        left, position = left - len(page.items), page.position
        if position is None:
            return


def _talk(conversation: Conversation, turns: list[Turn]) -> dict[str, Any]:
    said = [{"role": "assistant", "content": conversation.first_message}] if conversation.first_message else []
    for turn in turns:
        said.append({"role": "user", "content": turn.user_message})
        said.append({"role": "assistant", "content": turn.ai_message})
    return {
        "id": conversation.conversation_id,
        "title": conversation.scene.topic,
        "source": "partner",
        "createdAt": conversation.started_at,
        "updatedAt": turns[-1].answered_at if turns else conversation.started_at,
        "messages": said,
    }


def _room(room: Room, messages: list[Message], user_id: str) -> dict[str, Any]:
    """Return a room; what others say in it is not the learner's own, so it has the partner's role."""
    said = [
        {
            "sender": "user" if one.user_id == user_id else "ai" if one.user_id == PARTNER_ID else "other",
            "text": one.content,
            "createdAt": one.created_at,
        }
        for one in messages
        if one.message_type in _SPOKEN
    ]
    return {"roomId": room.room_id, "title": room.name, "createdAt": room.created_at, "messages": said}


def _change(span: Span) -> tuple[str, str]:
    return span.original.strip().lower(), span.better.strip().lower()
