"""Requests, relations, people and what students are doing, in dictionaries."""

import unicodedata
from collections import Counter

from shared.adapters.memory.accounts import MemoryAccounts
from shared.adapters.memory.notifications import MemoryNotifications
from shared.domains.accounts.models import Account, Role
from shared.domains.notifications.models import Notification
from shared.domains.tutoring.errors import (
    AlreadyDecided,
    AlreadyMatched,
    AlreadyPending,
    StudentNotFound,
    TutorFull,
)
from shared.domains.tutoring.models import (
    Doing,
    Live,
    Person,
    RequestStatus,
    Tutor,
    TutorRequest,
    TutorStudent,
    handled,
)
from shared.kernel.errors import RateLimited
from shared.kernel.pages import Page, Position


class MemoryTutoring:
    """The port TutoringStore for one thread; `places` are how many students tutors take, by their ids."""

    def __init__(self, notifications: MemoryNotifications, accounts: MemoryAccounts) -> None:
        """Begin with nobody matched."""
        self._notifications = notifications
        self._accounts = accounts
        self.requests: dict[str, TutorRequest] = {}
        self.relations: dict[tuple[str, str], TutorStudent] = {}

    def ask(self, request: TutorRequest, notification: Notification) -> None:
        """Store a request and the tutor's notification; the same again is fine."""
        pair = (request.tutor_id, request.student_id)
        if request.request_id in self.requests:
            return
        if pair in self.relations:
            raise AlreadyMatched
        if any((one.tutor_id, one.student_id) == pair for one in self._with(RequestStatus.PENDING)):
            raise AlreadyPending
        self.requests[request.request_id] = request
        self._notifications.add(notification)

    def request(self, request_id: str) -> TutorRequest | None:
        """Return a request."""
        return self.requests.get(request_id)

    def received(
        self, tutor_id: str, status: RequestStatus | None, *, limit: int, position: Position | None
    ) -> Page[TutorRequest]:
        """Return requests to a tutor, newest first."""
        return _page([one for one in self._with(status) if one.tutor_id == tutor_id], limit, position)

    def sent(
        self, student_id: str, status: RequestStatus | None, *, limit: int, position: Position | None
    ) -> Page[TutorRequest]:
        """Return a student's requests, newest first."""
        return _page([one for one in self._with(status) if one.student_id == student_id], limit, position)

    def approve(self, request: TutorRequest, relation: TutorStudent, notification: Notification) -> None:
        """Decide a pending request and begin the relation."""
        self._require_pending(request)
        if (relation.tutor_id, relation.student_id) in self.relations:
            raise AlreadyMatched
        most = self._accounts.accounts[relation.tutor_id].max_students or 0
        if self.student_count(relation.tutor_id) >= most:
            raise TutorFull
        self.requests[request.request_id] = request
        self.relations[relation.tutor_id, relation.student_id] = relation
        self._notifications.add(notification)

    def reject(self, request: TutorRequest, notification: Notification) -> None:
        """Decide a pending request."""
        self._require_pending(request)
        self.requests[request.request_id] = request
        self._notifications.add(notification)

    def relation(self, tutor_id: str, student_id: str) -> TutorStudent | None:
        """Return a relation."""
        return self.relations.get((tutor_id, student_id))

    def students_of(self, tutor_id: str) -> list[TutorStudent]:
        """Return a tutor's relations."""
        return [one for one in self.relations.values() if one.tutor_id == tutor_id]

    def tutors_of(self, student_id: str) -> list[TutorStudent]:
        """Return a student's relations."""
        found = [one for one in self.relations.values() if one.student_id == student_id]
        return sorted(found, key=lambda one: one.assigned_at)

    def end(self, relation: TutorStudent) -> None:
        """End a relation."""
        if self.relations.pop((relation.tutor_id, relation.student_id), None) is None:
            raise StudentNotFound

    def keep_status(self, relation: TutorStudent, doing: Doing) -> None:
        """Note what a student is doing, unless something later is noted."""
        pair = (relation.tutor_id, relation.student_id)
        stored = self.relations.get(pair)
        if stored is not None and (stored.updated_at or "") < doing.updated_at:
            self.relations[pair] = stored.model_copy(update=doing.model_dump())

    def student_count(self, tutor_id: str) -> int:
        """Count a tutor's students."""
        return len(self.students_of(tutor_id))

    def _with(self, status: RequestStatus | None) -> list[TutorRequest]:
        return [one for one in self.requests.values() if status in (None, one.status)]

    def _require_pending(self, request: TutorRequest) -> None:
        stored = self.requests.get(request.request_id)
        if stored is None or stored.status is not RequestStatus.PENDING:
            raise AlreadyDecided


class MemoryAskingRate:
    """The port AskingRate: each student may ask each tutor `allowed` times."""

    def __init__(self, allowed: int = 5) -> None:
        """Begin with nobody having asked."""
        self.allowed = allowed
        self.asked: Counter[tuple[str, str]] = Counter()

    def check(self, tutor_id: str, student_id: str) -> None:
        """Raise RateLimited where too many were counted."""
        if self.asked[tutor_id, student_id] >= self.allowed:
            raise RateLimited("Too many requests.", retry_after=60)

    def count(self, tutor_id: str, student_id: str) -> None:
        """Count a request."""
        self.asked[tutor_id, student_id] += 1


class MemoryDirectory:
    """The port TutorDirectory over accounts in memory."""

    def __init__(self, accounts: MemoryAccounts, tutoring: MemoryTutoring) -> None:
        """Read these."""
        self._accounts = accounts
        self._tutoring = tutoring

    def owner(self, email: str) -> str | None:
        """Return the userId of the person who has proved this e-mail."""
        return self._accounts.owner(email)

    def tutor(self, email: str) -> Tutor | None:
        """Return a tutor whose e-mail was proved."""
        return next((one for one in self._tutors() if handled(email) == one.user_id or one.email == email), None)

    def tutors(self, search: str | None, *, limit: int, position: Position | None) -> Page[Tutor]:
        """Return tutors by name."""
        wanted = unicodedata.normalize("NFC", search or "").casefold()
        found = [one for one in self._tutors() if wanted in unicodedata.normalize("NFC", one.name).casefold()]
        start = position["start"] if position else 0
        more = len(found) > start + limit
        return Page(found[start : start + limit], {"start": start + limit} if more else None)

    def people(self, user_ids: list[str]) -> dict[str, Person]:
        """Return those of these people who exist."""
        known = self._accounts.accounts
        return {one: Person.model_validate(known[one].model_dump(), extra="ignore") for one in user_ids if one in known}

    def _tutors(self) -> list[Tutor]:
        accounts = self._accounts.accounts.values()
        tutors = [self._tutor(one) for one in accounts if one.role is Role.TUTOR and one.is_confirmed]
        return sorted(tutors, key=lambda one: (one.name, one.user_id))

    def _tutor(self, account: Account) -> Tutor:
        count = self._tutoring.student_count(account.user_id)
        return Tutor.model_validate(account.model_dump() | {"student_count": count}, extra="ignore")


class MemoryLiveStudents:
    """The port LiveStudents."""

    def __init__(self) -> None:
        """Begin with nobody online."""
        self.online: set[str] = set()
        self.doing: dict[str, Doing] = {}

    def tell(self, student_id: str, doing: Doing) -> None:
        """Note what a student is doing."""
        self.doing[student_id] = doing

    def of(self, student_ids: list[str]) -> dict[str, Live]:
        """Return what is known of each."""
        return {one: Live(online=one in self.online, doing=self.doing.get(one)) for one in student_ids}


def _page(found: list[TutorRequest], limit: int, position: Position | None) -> Page[TutorRequest]:
    newest = sorted(found, key=lambda one: (one.created_at, one.request_id), reverse=True)
    start = position["start"] if position else 0
    more = len(newest) > start + limit
    return Page(newest[start : start + limit], {"start": start + limit} if more else None)
