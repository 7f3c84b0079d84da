"""Following students, and what a student tells their tutors."""

from shared.domains.tutoring.contract import (
    ShowStatus,
    StoreStudentStatus,
    StudentItem,
    StudentStatusUpdated,
    TutorOfStudent,
)
from shared.domains.tutoring.models import Doing, Live
from shared.domains.tutoring.ports import LiveStudents, RelationReader, TutorDirectory, TutoringStore
from shared.domains.tutoring.rules.asking import require_student
from shared.kernel.ports import Clock, EventBus, JobQueue
from shared.kernel.principal import Principal
from shared.kernel.times import timestamp
from shared.kernel.topics import user_topic


def list_students(
    principal: Principal, *, directory: TutorDirectory, tutoring: RelationReader, live: LiveStudents
) -> list[StudentItem]:
    """Return a tutor's students as they are just now, by name."""
    relations = tutoring.students_of(principal.user_id)
    ids = [one.student_id for one in relations]
    people, now = directory.people(ids), live.of(ids)
    items = [
        StudentItem.of(one, people[one.student_id], now.get(one.student_id, Live()))
        for one in relations
        if one.student_id in people
    ]
    return sorted(items, key=lambda one: (one.name, one.email))


def list_own_tutors(
    principal: Principal, *, directory: TutorDirectory, tutoring: RelationReader
) -> list[TutorOfStudent]:
    """Return a student's tutors; none is a normal case."""
    relations = tutoring.tutors_of(principal.user_id)
    people = directory.people([one.tutor_id for one in relations])
    return [TutorOfStudent.of(one, people.get(one.tutor_id)) for one in relations]


def show_status(
    command: ShowStatus,
    principal: Principal,
    *,
    tutoring: RelationReader,
    live: LiveStudents,
    events: EventBus,
    jobs: JobQueue,
    clock: Clock,
) -> StudentStatusUpdated:
    """Tell every tutor of this student at once what they are doing, and have it kept.

    The relations are read each time: a tutor who no longer teaches the student is told nothing.

    Raises:
        StudentsOnly: a tutor sent it.
        Unavailable: it could not be queued for keeping; saying it again is safe.
    """
    require_student(principal)
    doing = Doing(room=command.room, is_learning=command.is_learning, updated_at=timestamp(clock.now()))
    update = StudentStatusUpdated(student_email=principal.email, **doing.model_dump())
    live.tell(principal.user_id, doing)
    relations = tutoring.tutors_of(principal.user_id)
    for relation in relations:
        events.publish(user_topic(relation.tutor_id), update)
    if relations:
        jobs.enqueue(StoreStudentStatus(student_id=principal.user_id, doing=doing))
    return update


def store_student_status(job: StoreStudentStatus, *, tutoring: TutoringStore) -> None:
    """Keep what a student is doing with each relation; again, or late, changes nothing."""
    relations = tutoring.tutors_of(job.student_id) if job.student_id else []
    for relation in relations:
        tutoring.keep_status(relation, job.doing)
