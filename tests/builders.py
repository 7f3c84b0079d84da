"""Valid values with defaults."""

from shared.domains.messages.contract import PostMessage
from shared.domains.messages.models import Message, MessageType
from shared.kernel.principal import Principal


def a_principal(user_id: str = "u1", **fields: object) -> Principal:
    given = {
        "email": f"{user_id}@example.com",
        "name": f"Name of {user_id}",
        "role": "student",
        "language": "en",
        "session_id": f"session-{user_id}",
        "expires_at": 2_000_000_000,
    }
    return Principal(user_id=user_id, **(given | fields))  # type: ignore[arg-type]


def a_post(content: str = "Hello", **fields: object) -> PostMessage:
    return PostMessage.model_validate({"action": "sendMessage", "roomId": "r1", "content": content} | fields)


def a_message(seq: int = 1, **fields: object) -> Message:
    given = {
        "message_id": f"m{seq}",
        "room_id": "r1",
        "user_id": "u1",
        "content": "Hello",
        "message_type": MessageType.TEXT,
        "created_at": f"2026-01-02T03:04:05.{seq:06d}Z",
        "seq": seq,
        "epoch": "e1",
    }
    return Message(**(given | fields))  # type: ignore[arg-type]
