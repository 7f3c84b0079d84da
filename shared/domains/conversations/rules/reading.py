"""The rules of reading conversations: their owner sees them whole."""

from shared.domains.conversations.contract import ConversationDetails, ConversationItem, ListConversations
from shared.domains.conversations.errors import ConversationNotFound
from shared.domains.conversations.models import Conversation, Turn
from shared.domains.conversations.ports import ConversationStore
from shared.kernel.pages import Page, Position


def list_conversations(
    command: ListConversations, user_id: str, *, position: Position | None, store: ConversationStore
) -> Page[ConversationItem]:
    """Return a user's conversations, newest first."""
    found = store.list_of(user_id, position=position, limit=command.limit)
    return Page([ConversationItem.of(one) for one in found.items], found.position)


def show_conversation(conversation_id: str, user_id: str, *, store: ConversationStore) -> ConversationDetails:
    """Return a conversation to its owner, with all its turns.

    Raises:
        ConversationNotFound: there is none, or it is somebody else's.
    """
    return ConversationDetails.told(
        owned_conversation(conversation_id, user_id, store), all_turns(conversation_id, store)
    )


def owned_conversation(conversation_id: str, user_id: str, store: ConversationStore) -> Conversation:
    """Return a conversation of that user.

    Raises:
        ConversationNotFound: there is none, or it is somebody else's.
    """
    found = store.get(conversation_id)
    if found is None or found.user_id != user_id:
        raise ConversationNotFound
    return found


def all_turns(conversation_id: str, store: ConversationStore) -> list[Turn]:
    """Return every turn of a conversation, oldest first; one call for each 500."""
    turns: list[Turn] = []
    while more := store.turns_of(conversation_id, after=turns[-1].number if turns else 0):
        turns += more
    return turns
