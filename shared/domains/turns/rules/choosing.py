"""The rules of the conversation that a turn belongs to: the one that was named, else the student's default."""

from shared.domains.conversations.contract import StartConversation
from shared.domains.conversations.errors import ConversationEnded, ConversationNotFound
from shared.domains.conversations.models import Conversation
from shared.domains.turns.models import Student, Wish
from shared.domains.turns.rules.request import Asking
from shared.kernel.errors import Unavailable
from shared.kernel.times import timestamp
from shared.kernel.uuids import named_uuid

_TRIES = 3


def conversation_for(wish: Wish, student: Student, asking: Asking) -> Conversation:
    """Return the conversation that a wish names, else the student's default one.

    Raises:
        ConversationNotFound, ConversationEnded: there is none of that id that takes turns.
    """
    if wish.conversation_id is None:
        return _default_conversation(student, asking)
    found = asking.conversations.get(wish.conversation_id)
    if found is None or found.user_id != student.user_id:
        raise ConversationNotFound
    if found.has_ended:
        raise ConversationEnded
    return found


def _default_conversation(student: Student, asking: Asking) -> Conversation:
    """Return the student's default conversation, made where there is none that goes on; made by two it is one."""
    store = asking.conversations
    for _ in range(_TRIES):
        current = store.default_of(student.user_id)
        found = store.get(current) if current is not None else None
        if found is not None and not found.has_ended:
            return found
        following = _following(current, student, asking)
        store.add(following)
        store.set_default(student.user_id, following.conversation_id, instead_of=current)
    raise Unavailable("The conversation is not there yet.", "잠시 후 다시 시도해 주세요.", retry_after=1)


def _following(current: str | None, student: Student, asking: Asking) -> Conversation:
    account = asking.students.get(student.user_id)
    scene = StartConversation().scene(student.language, account.level if account else None)
    return Conversation(
        conversation_id=named_uuid(f"default conversation\n{student.user_id}\n{current or ''}"),
        user_id=student.user_id,
        scene=scene,
        is_default=True,
        started_at=timestamp(asking.clock.now()),
    )
