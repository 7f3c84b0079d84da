"""Refusals of feedback."""

from shared.kernel.errors import Forbidden, NotFound


class NotYourStudent(Forbidden):
    """Only a tutor of that student may send feedback."""

    def __init__(self) -> None:
        super().__init__("Only a tutor of that student may do that.", "담당 학생에게만 피드백을 보낼 수 있습니다.")


class FeedbackNotFound(NotFound):
    """There is no such feedback, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("Feedback not found", "피드백을 찾을 수 없습니다.")
