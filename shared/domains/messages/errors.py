"""Refusals of messages."""

from shared.kernel.errors import Invalid, NotFound, Unavailable


class OtherRoom(Invalid):
    """A frame names another room than its connection's."""

    def __init__(self) -> None:
        super().__init__("This connection belongs to another room.", "이 연결은 다른 방의 것입니다.")


class ForeignKey(Invalid):
    """A frame names an upload that was not offered for this room and user."""

    def __init__(self) -> None:
        super().__init__("The key was not issued to you for this room.", "이 방에서 발급된 업로드 키가 아닙니다.")


class StillSettling(Unavailable):
    """The room's memory was just lost; sending again in a moment is safe."""

    def __init__(self) -> None:
        super().__init__(
            "The room is recovering; please try again.", "방을 복구하는 중입니다. 다시 시도해 주세요.", retry_after=1
        )


class MessageNotFound(NotFound):
    """There is no such message in that room."""

    def __init__(self) -> None:
        super().__init__("Message not found", "메시지를 찾을 수 없습니다.")


class NotStoredYet(Unavailable):
    """A message is still on its way to the table; trying again helps."""

    def __init__(self) -> None:
        super().__init__("The message is not stored yet.", "메시지를 아직 저장하는 중입니다.")
