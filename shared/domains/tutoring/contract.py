"""What tutors and students ask and are told, and the job that keeps what a student is doing."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints

from shared.domains.tutoring.models import (
    Doing,
    Live,
    Person,
    RequestStatus,
    Tutor,
    TutorRequest,
    TutorStudent,
    handle_of,
)
from shared.kernel.characters import OptionalText
from shared.kernel.contract import Command, Contract, Event, Job
from shared.kernel.queues import Queue, WhenDead


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


class ListTutors(Command):
    """List tutors by name; `search` is found anywhere in the name, in any case."""

    search: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] | None = None
    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class RequestTutor(Command):
    """Ask a tutor to teach one."""

    message: Annotated[OptionalText, StringConstraints(max_length=1000)] = ""


class ListRequests(Command):
    """List requests: those that a tutor received, or a student sent; newest first."""

    status: Annotated[RequestStatus, BeforeValidator(_upper)] | None = None
    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class ShowStatus(Command):
    """Tell one's tutors what one is doing; `room` is free text."""

    room: Annotated[str, StringConstraints(max_length=200)] | None = None
    is_learning: bool


class TutorItem(Contract):
    """A tutor in a list; strangers see a handle for the e-mail, which names the tutor as well."""

    email: str
    name: str
    is_accepting: bool
    max_students: int
    student_count: int

    @classmethod
    def of(cls, tutor: Tutor, *, is_known: bool) -> Self:
        """Return what somebody sees of a tutor, who knows the e-mail or not."""
        fields = tutor.model_dump(include=set(cls.model_fields))
        return cls(**fields | ({} if is_known else {"email": handle_of(tutor.user_id)}))


class RequestItem(Contract):
    """A request as both sides see it; names as they are now, absent where the person is gone."""

    request_id: str
    student_email: str
    student_name: str | None = None
    tutor_email: str
    tutor_name: str | None = None
    status: RequestStatus
    message: str
    created_at: str
    processed_at: str | None = None

    @classmethod
    def of(cls, request: TutorRequest, people: Mapping[str, Person] | None = None) -> Self:
        """Return what both sides see of a request, with the names of people who are known by their ids."""
        known = people or {}
        names = {
            f"{role}_name": known[one].name
            for role, one in (("student", request.student_id), ("tutor", request.tutor_id))
            if one in known
        }
        return cls(**request.model_dump(include=set(cls.model_fields)), **names)


class Decided(Contract):
    """A request as it was decided; the student's message is left out: beside an answer stands the answer's own."""

    request_id: str
    student_email: str
    tutor_email: str
    status: RequestStatus
    created_at: str
    processed_at: str | None = None

    @classmethod
    def of(cls, request: TutorRequest) -> Self:
        """Return what the tutor is answered."""
        return cls(**request.model_dump(include=set(cls.model_fields)))


class RequestSent(Contract):
    """A request that waits for its tutor."""

    request_id: str
    status: RequestStatus


class StudentItem(Contract):
    """A student as their tutor sees them just now, and what the student lets tutors see."""

    email: str
    name: str
    level: str | None = None
    share_results: bool
    share_recordings: bool
    online: bool
    room: str | None = None
    is_learning: bool
    updated_at: str | None = None
    assigned_at: str

    @classmethod
    def of(cls, relation: TutorStudent, student: Person, live: Live) -> Self:
        """Return a student as known just now: what was told last counts, wherever it is kept."""
        stored = Doing(
            **relation.model_dump(include=set(Doing.model_fields)) | {"updated_at": relation.updated_at or ""}
        )
        doing = max(stored, live.doing or stored, key=lambda one: one.updated_at)
        return cls(
            **student.model_dump(include={"email", "name", "level", "share_results", "share_recordings"}),
            online=live.online,
            room=doing.room,
            is_learning=doing.is_learning,
            updated_at=doing.updated_at or None,
            assigned_at=relation.assigned_at,
        )


class TutorOfStudent(Contract):
    """A tutor as their student sees them."""

    email: str
    name: str
    assigned_at: str
    status: str

    @classmethod
    def of(cls, relation: TutorStudent, tutor: Person | None) -> Self:
        """Return a tutor with the relation's beginning."""
        return cls(
            email=tutor.email if tutor else relation.tutor_email,
            name=tutor.name if tutor else "",
            assigned_at=relation.assigned_at,
            status=relation.status,
        )


class StudentList(Contract):
    """A tutor's students as they are just now."""

    students: list[StudentItem]


class OwnTutors(Contract):
    """A student's own tutors; none is a normal case."""

    tutors: list[TutorOfStudent]


class StudentStatusUpdated(Event):
    """A student of this tutor does something else now."""

    type: Literal["student_status_update"] = "student_status_update"
    student_email: str
    room: str | None = None
    is_learning: bool
    updated_at: str


class StatusShown(Contract):
    """What one's tutors were told that one is doing."""

    student_email: str
    room: str | None = None
    is_learning: bool
    updated_at: str

    @classmethod
    def of(cls, update: StudentStatusUpdated) -> Self:
        """Return what the student is answered."""
        return cls(**update.model_dump(exclude={"type"}))


class StoreStudentStatus(Job):
    """Keep what a student is doing with their relations; an older word never replaces a newer one."""

    name: ClassVar[str] = "tutoring.store_student_status"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.DISCARD

    student_id: str | None = None
    student_email: str | None = None
    """How release 0.1.0 named the student: such a job is out of date within seconds, and passed over."""
    doing: Doing
