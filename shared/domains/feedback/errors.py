"""Refusals of feedback."""

from shared.kernel.errors import Forbidden, Invalid, NotFound

_LINK = "audioUrl is neither an https address on the public internet nor a recording of ours."


class WrongLink(Invalid):
    """A link must lead to the public internet by https, or to an object of ours."""

    def __init__(self) -> None:
        super().__init__(
            _LINK,
            "audioUrl은 공개된 https 주소이거나 저희가 보관하는 녹음이어야 합니다.",
            details=[{"field": "audioUrl", "message": _LINK}],
        )


class NotYourStudent(Forbidden):
    """Only a tutor of that student may send feedback."""

    def __init__(self) -> None:
        super().__init__("Only a tutor of that student may do that.", "담당 학생에게만 피드백을 보낼 수 있습니다.")


class FeedbackNotFound(NotFound):
    """There is no such feedback, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("Feedback not found", "피드백을 찾을 수 없습니다.")
