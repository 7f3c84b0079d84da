"""What is stored of tutors and their students."""

from enum import StrEnum

from shared.kernel.contract import Contract


class RequestStatus(StrEnum):
    """PENDING until the tutor decides, once."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


HANDLES = "tutors.invalid"
"""A domain that no address is of (RFC 2606): in it a tutor is named to those who do not know their e-mail."""


def handle_of(user_id: str) -> str:
    """Return what names a tutor wherever an e-mail does, and is none."""
    return f"{user_id}@{HANDLES}"


def handled(email: str) -> str | None:
    """Return the userId of whom a handle names; None for what is no handle."""
    name, _, domain = email.rpartition("@")
    return name if domain == HANDLES else None


class Tutor(Contract):
    """A tutor as students choose one; `language` is the account's own, None where it has none."""

    user_id: str
    email: str
    name: str
    language: str | None = None
    is_accepting: bool = True
    max_students: int = 10
    student_count: int = 0

    @property
    def is_full(self) -> bool:
        """Tell whether the tutor has as many students as they take."""
        return self.student_count >= self.max_students


class Person(Contract):
    """Anybody, as the rules of tutoring know them, with what they let their tutors see."""

    user_id: str
    email: str
    name: str
    language: str | None = None
    level: str | None = None
    share_results: bool = False
    share_recordings: bool = False


class TutorRequest(Contract):
    """A student's wish to be taught by a tutor; ids beside e-mails, since pushes go to ids."""

    request_id: str
    student_email: str
    student_id: str
    tutor_email: str
    tutor_id: str
    status: RequestStatus = RequestStatus.PENDING
    message: str = ""
    created_at: str
    processed_at: str | None = None

    @property
    def tutor_email_status(self) -> str:
        """Return what requests are found by: rewritten with the status."""
        return f"{self.tutor_email}#{self.status.value}"


class TutorStudent(Contract):
    """A relation, with what the student was last doing."""

    tutor_email: str
    tutor_id: str
    student_email: str
    student_id: str
    assigned_at: str
    status: str = "active"
    request_id: str
    room: str | None = None
    is_learning: bool = False
    updated_at: str | None = None


class Doing(Contract):
    """What a student is doing since `updated_at`; `room` is free text."""

    room: str | None = None
    is_learning: bool = False
    updated_at: str


class Live(Contract):
    """What is known of a student just now, over all gateways."""

    online: bool = False
    doing: Doing | None = None
