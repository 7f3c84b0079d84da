"""Conversations and their turns in dictionaries."""

from shared.domains.conversations.errors import ConversationNotFound
from shared.domains.conversations.models import Conversation, Report, Turn
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page, Position

MOST_TURNS = 500


class MemoryConversations:
    """The ports ConversationStore and TurnStore for one thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self.conversations: dict[str, Conversation] = {}
        self.defaults: dict[str, str] = {}
        self.turns: dict[str, Turn] = {}

    def add(self, conversation: Conversation) -> bool:
        """Store a new one."""
        is_new = conversation.conversation_id not in self.conversations
        self.conversations.setdefault(conversation.conversation_id, conversation)
        return is_new

    def get(self, conversation_id: str) -> Conversation | None:
        """Return one as it stands."""
        return self.conversations.get(conversation_id)

    def default_of(self, user_id: str) -> str | None:
        """Return the id of a user's default conversation."""
        return self.defaults.get(user_id)

    def set_default(self, user_id: str, conversation_id: str, *, instead_of: str | None) -> str:
        """Make one the default where the default is still the one named, or there is none."""
        if self.defaults.get(user_id) in (None, instead_of):
            self.defaults[user_id] = conversation_id
        return self.defaults[user_id]

    def list_of(self, user_id: str, *, position: Position | None, limit: int) -> Page[Conversation]:
        """Return a user's conversations, newest first."""
        own = [one for one in self.conversations.values() if one.user_id == user_id]
        own.sort(key=lambda one: (one.started_at, one.conversation_id), reverse=True)
        start = position["start"] if position else 0
        more = len(own) > start + limit
        return Page(own[start : start + limit], {"start": start + limit} if more else None)

    def end(self, conversation_id: str, at: str) -> bool:
        """Take no more turns from now on."""
        found = self.get(conversation_id)
        if found is None or found.has_ended:
            return False
        return self._change(conversation_id, ended_at=at)

    def keep_report(self, conversation_id: str, report: Report) -> None:
        """Store the report, over one that is there."""
        self._change(conversation_id, report=report)

    def keep_summary(self, conversation_id: str, summary: str, *, summarized: int) -> bool:
        """Store a summary of more turns than the one that is there."""
        found = self.get(conversation_id)
        if found is None or found.summarized >= summarized:
            return False
        return self._change(conversation_id, summary=summary, summarized=summarized)

    def add_turn(self, turn: Turn) -> bool:
        """Store an answered turn and count it.

        Raises:
            Unavailable: another turn took the number since the conversation was read: read it again.
            ConversationNotFound: there is none.
        """
        if turn.turn_id in self.turns:
            return False
        found = self.get(turn.conversation_id)
        if found is None:
            raise ConversationNotFound
        if found.turn_count != turn.number - 1:
            raise Unavailable("Another turn came between.", "잠시 후 다시 시도해 주세요.")
        self.turns[turn.turn_id] = turn
        return self._change(turn.conversation_id, turn_count=turn.number)

    def keep_correction(self, turn: Turn) -> None:
        """Store what a turn has of correction and audioJobId; what it has not stays, and no turn comes to be."""
        stored = self.turns.get(turn.turn_id)
        if stored is None or (stored.conversation_id, stored.number) != (turn.conversation_id, turn.number):
            return
        given = {"correction": turn.correction, "audio_job_id": turn.audio_job_id}
        self.turns[turn.turn_id] = stored.model_copy(update={name: one for name, one in given.items() if one})

    def find_turn(self, turn_id: str) -> Turn | None:
        """Return a turn by its id."""
        return self.turns.get(turn_id)

    def turns_of(self, conversation_id: str, *, after: int = 0) -> list[Turn]:
        """Return the turns whose number is above `after`, oldest first, at most 500."""
        own = [one for one in self.turns.values() if one.conversation_id == conversation_id and one.number > after]
        return sorted(own, key=lambda one: one.number)[:MOST_TURNS]

    def _change(self, conversation_id: str, **fields: object) -> bool:
        found = self.get(conversation_id)
        if found is not None:
            self.conversations[conversation_id] = found.model_copy(update=fields)
        return found is not None
