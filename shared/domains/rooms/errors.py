"""Refusals of rooms."""

from shared.kernel.errors import Conflict, Forbidden, NotFound, Unauthorized


class RoomNotFound(NotFound):
    """There is no such room, or no more."""

    def __init__(self) -> None:
        super().__init__("Room not found", "방을 찾을 수 없습니다.")


class RoomFull(Conflict):
    """The room has as many members as it takes."""

    def __init__(self) -> None:
        super().__init__("The room is full.", "방의 정원이 가득 찼습니다.")


class WrongPassword(Forbidden):
    """The password of a private room is missing or another."""

    def __init__(self) -> None:
        super().__init__("The room's password is missing or wrong.", "방 비밀번호가 없거나 올바르지 않습니다.")


class NotAMember(Forbidden):
    """Only members may do that."""

    def __init__(self) -> None:
        super().__init__("Only members of the room may do that.", "방 참여자만 할 수 있습니다.")


class NotTheOwner(Forbidden):
    """Only who made the room may do that."""

    def __init__(self) -> None:
        super().__init__("Only the owner of the room may do that.", "방장만 할 수 있습니다.")


class TicketRefused(Unauthorized):
    """The room token is unknown, used or expired."""

    def __init__(self) -> None:
        super().__init__("The room token is unknown, used or expired.", "방 입장 토큰이 없거나 만료되었습니다.")
