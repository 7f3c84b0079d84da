"""What tutoring needs from outside."""

from collections.abc import Callable
from typing import Protocol

from shared.domains.notifications.models import Notification
from shared.domains.tutoring.models import Doing, Live, Person, RequestStatus, Tutor, TutorRequest, TutorStudent
from shared.kernel.pages import Page, Position
from shared.kernel.ports import EmailOwners, Relations

Announce = Callable[[Notification], object]
"""Pushes a notification that is stored already, and has the person paged who is away; never fails."""


class AskingRate(Protocol):
    """How often students may ask."""

    def check(self, tutor_id: str, student_id: str) -> None:
        """Tell whether a student may ask a tutor now; nothing is counted.

        Raises:
            RateLimited: the two, or the student with all tutors, have had too many within a day.
        """

    def count(self, tutor_id: str, student_id: str) -> None:
        """Count a request that was stored."""


class TutorDirectory(EmailOwners, Protocol):
    """People, as tutoring needs them."""

    def tutor(self, email: str) -> Tutor | None:
        """Return a tutor by e-mail or handle, whose e-mail was proved, as things stand; None for anybody else."""

    def tutors(self, search: str | None, *, limit: int, position: Position | None) -> Page[Tutor]:
        """Return tutors by name; the text is found anywhere in it, in any case.

        A page may be shorter than its limit, or empty, and go on: what one page reads is bounded.
        """

    def people(self, user_ids: list[str]) -> dict[str, Person]:
        """Return those of these people who exist, by their ids."""


class RelationReader(Relations[TutorStudent], Protocol):
    """The pairs of tutor and student, as things stand."""

    def students_of(self, tutor_id: str) -> list[TutorStudent]:
        """Return a tutor's relations as they stand."""

    def tutors_of(self, student_id: str) -> list[TutorStudent]:
        """Return a student's relations; one that has ended is in it no more, one just begun may be missing."""


class TutoringStore(RelationReader, Protocol):
    """Requests and relations, with the atomic steps that the rules rest on."""

    def ask(self, request: TutorRequest, notification: Notification) -> None:
        """Store a request, the lock of the pair, and the tutor's notification, all or none; the same again is fine.

        Raises:
            AlreadyPending: the pair has a pending request; of two at once exactly one is stored.
            AlreadyMatched: the two are matched.
        """

    def request(self, request_id: str) -> TutorRequest | None:
        """Return a request as it stands."""

    def received(
        self, tutor_id: str, status: RequestStatus | None, *, limit: int, position: Position | None
    ) -> Page[TutorRequest]:
        """Return requests to a tutor, newest first."""

    def sent(
        self, student_id: str, status: RequestStatus | None, *, limit: int, position: Position | None
    ) -> Page[TutorRequest]:
        """Return a student's requests, newest first."""

    def approve(self, request: TutorRequest, relation: TutorStudent, notification: Notification) -> None:
        """Decide a pending request, begin the relation, count it, free the pair, notify: all or none.

        Raises:
            AlreadyDecided: it is pending no more; of many at once exactly one succeeds.
            AlreadyMatched: the two are matched.
            TutorFull: the tutor has no place; never one student too many, however many are approved at once.
        """

    def reject(self, request: TutorRequest, notification: Notification) -> None:
        """Decide a pending request, free the pair, notify: all or none.

        Raises:
            AlreadyDecided: it is pending no more.
        """

    def end(self, relation: TutorStudent) -> None:
        """End a relation and free the tutor's place, both or neither.

        Raises:
            StudentNotFound: it has ended.
        """

    def keep_status(self, relation: TutorStudent, doing: Doing) -> None:
        """Note what a student is doing, unless something later is noted, or the relation has ended."""


class LiveStudents(Protocol):
    """What students are doing just now; it never fails: what Redis does not tell is not known."""

    def tell(self, student_id: str, doing: Doing) -> None:
        """Note what a student is doing."""

    def of(self, student_ids: list[str]) -> dict[str, Live]:
        """Return what is known of each."""
