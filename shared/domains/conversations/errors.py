"""Refusals of conversations."""

from shared.kernel.errors import Conflict, NotFound


class ConversationNotFound(NotFound):
    """There is no such conversation, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("Conversation not found", "대화를 찾을 수 없습니다.")


class ConversationEnded(Conflict):
    """It takes no more turns, and has its report."""

    def __init__(self) -> None:
        super().__init__("The conversation has ended.", "이미 끝난 대화입니다.")
