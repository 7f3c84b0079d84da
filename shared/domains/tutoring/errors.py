"""Refusals of tutoring."""

from shared.kernel.errors import Conflict, Forbidden, NotFound


class TutorNotFound(NotFound):
    """There is no such tutor."""

    def __init__(self) -> None:
        super().__init__("Tutor not found", "튜터를 찾을 수 없습니다.")


class RequestNotFound(NotFound):
    """There is no such request, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("Request not found", "매칭 요청을 찾을 수 없습니다.")


class StudentNotFound(NotFound):
    """There is no such student of this tutor."""

    def __init__(self) -> None:
        super().__init__("Student not found", "담당 학생을 찾을 수 없습니다.")


class StudentsOnly(Forbidden):
    """Only a student may do that."""

    def __init__(self) -> None:
        super().__init__("Students only.", "학생만 사용할 수 있습니다.")


class AlreadyPending(Conflict):
    """The student has asked this tutor, who has not decided yet."""

    def __init__(self) -> None:
        super().__init__("A request to this tutor is pending.", "이미 대기 중인 매칭 요청이 있습니다.")


class AlreadyMatched(Conflict):
    """The two are matched."""

    def __init__(self) -> None:
        super().__init__("You are matched already.", "이미 매칭되어 있습니다.")


class TutorFull(Conflict):
    """The tutor has as many students as they take."""

    def __init__(self) -> None:
        super().__init__("The tutor takes no more students.", "튜터의 학생 정원이 가득 찼습니다.")


class NotAccepting(Conflict):
    """The tutor accepts no requests now."""

    def __init__(self) -> None:
        super().__init__("The tutor accepts no requests now.", "튜터가 지금은 매칭 요청을 받지 않습니다.")


class AlreadyDecided(Conflict):
    """The request was approved or rejected before."""

    def __init__(self) -> None:
        super().__init__("The request was decided already.", "이미 처리된 매칭 요청입니다.")
