"""Requests and relations in the table; each step of matching is one transaction."""

import heapq

from boto3.dynamodb.conditions import Attr, Key

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import accounts as account_keys
from shared.adapters.dynamodb.keys import tutoring as keys
from shared.adapters.dynamodb.notifications import put_new
from shared.adapters.dynamodb.table import (
    NEW,
    PRESENT,
    Check,
    ConditionFailed,
    Delete,
    Item,
    Put,
    Table,
    Update,
    Write,
)
from shared.domains.notifications.models import Notification
from shared.domains.tutoring.errors import (
    AlreadyDecided,
    AlreadyMatched,
    AlreadyPending,
    StudentNotFound,
    TutorFull,
)
from shared.domains.tutoring.models import Doing, RequestStatus, TutorRequest, TutorStudent
from shared.kernel.pages import Page, Position

_PENDING = Attr("status").eq(RequestStatus.PENDING.value)
_HAS_PLACE = Attr("studentCount").not_exists() | Attr("studentCount").lt(Attr("maxStudents"))


class DynamoTutoring:
    """The port TutoringStore; the tutor's account item counts the students, so that no place is given twice."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def ask(self, request: TutorRequest, notification: Notification) -> None:
        """Store a request, the lock of the pair, and the tutor's notification, all or none; the same again is fine."""
        lock = {"PK": keys.pending(request.tutor_id, request.student_id), "SK": keys.LOCK}
        writes: list[Write] = [
            Put(_request_item(request), NEW),
            Put(lock | {"requestId": request.request_id}, NEW),
            Check(keys.tutor(request.tutor_id), keys.student(request.student_id), NEW),
            put_new(notification),
        ]
        try:
            self._table.transact(writes)
        except ConditionFailed as refused:
            if self.request(request.request_id) is not None:
                return
            if self.relation(request.tutor_id, request.student_id) is not None:
                raise AlreadyMatched from refused
            raise AlreadyPending from refused

    def request(self, request_id: str) -> TutorRequest | None:
        """Return a request as it stands."""
        item = self._table.get(keys.tutor_request(request_id), METADATA)
        return _request(item) if item else None

    def received(
        self, tutor_id: str, status: RequestStatus | None, *, limit: int, position: Position | None
    ) -> Page[TutorRequest]:
        """Return requests to a tutor, newest first; of all statuses by merging their ranges."""
        before = position["before"] if position else None
        wanted = [status] if status else list(RequestStatus)
        ranges = [self._range(keys.requests_to(tutor_id, one.value), before, limit + 1) for one in wanted]
        merged = heapq.merge(*ranges, key=lambda item: str(item["GSI1SK"]), reverse=True)
        items = [item for item, _ in zip(merged, range(limit + 1), strict=False)]
        more = {"before": items[limit - 1]["GSI1SK"]} if len(items) > limit else None
        return Page([_request(item) for item in items[:limit]], more)

    def sent(
        self, student_id: str, status: RequestStatus | None, *, limit: int, position: Position | None
    ) -> Page[TutorRequest]:
        """Return a student's requests, newest first."""
        page = self._table.query(
            keys.requests_of(student_id),
            index="GSI2",
            limit=limit,
            newest_first=True,
            start=position,
            filtered=Attr("status").eq(status.value) if status else None,
        )
        return Page([_request(item) for item in page.items], page.position)

    def approve(self, request: TutorRequest, relation: TutorStudent, notification: Notification) -> None:
        """Decide a pending request, begin the relation, count it, free the pair, notify: all or none."""
        count = Update(
            account_keys.user(request.tutor_id), account_keys.PROFILE, add={"studentCount": 1}, condition=_HAS_PLACE
        )
        begin = Put(_relation_item(relation), NEW)
        try:
            self._table.transact([*_decide(request), begin, count, put_new(notification)])
        except ConditionFailed as refused:
            self._refuse_unless_pending(request, refused)
            if self.relation(request.tutor_id, request.student_id) is not None:
                raise AlreadyMatched from refused
            raise TutorFull from refused

    def reject(self, request: TutorRequest, notification: Notification) -> None:
        """Decide a pending request, free the pair, notify: all or none."""
        try:
            self._table.transact([*_decide(request), put_new(notification)])
        except ConditionFailed as refused:
            raise AlreadyDecided from refused

    def relation(self, tutor_id: str, student_id: str) -> TutorStudent | None:
        """Return a relation as it stands."""
        item = self._table.get(keys.tutor(tutor_id), keys.student(student_id))
        return _relation(item) if item else None

    def students_of(self, tutor_id: str) -> list[TutorStudent]:
        """Return a tutor's relations as they stand."""
        sort = Key("SK").begins_with(keys.student(""))
        page = self._table.query(keys.tutor(tutor_id), sort=sort, consistent=True)
        return [_relation(item) for item in page.items]

    def tutors_of(self, student_id: str) -> list[TutorStudent]:
        """Return a student's relations; the index names them, and the items themselves tell which still stand."""
        page = self._table.query(keys.tutors_of(student_id), index="GSI1")
        found = self._table.batch_get([(item["PK"], item["SK"]) for item in page.items])
        return sorted((_relation(item) for item in found), key=lambda one: one.assigned_at)

    def end(self, relation: TutorStudent) -> None:
        """End a relation and free the tutor's place, both or neither."""
        writes: list[Write] = [
            Delete(keys.tutor(relation.tutor_id), keys.student(relation.student_id), PRESENT),
            Update(account_keys.user(relation.tutor_id), account_keys.PROFILE, add={"studentCount": -1}),
        ]
        try:
            self._table.transact(writes)
        except ConditionFailed as refused:
            raise StudentNotFound from refused

    def keep_status(self, relation: TutorStudent, doing: Doing) -> None:
        """Note what a student is doing, unless something later is noted, or the relation has ended."""
        is_newer = Attr("updatedAt").not_exists() | Attr("updatedAt").lt(doing.updated_at)
        change = Update(
            keys.tutor(relation.tutor_id),
            keys.student(relation.student_id),
            put=doing.model_dump(by_alias=True),
            condition=PRESENT & is_newer,
        )
        try:
            self._table.write(change)
        except ConditionFailed:
            return

    def _range(self, partition: str, before: str | None, limit: int) -> list[Item]:
        sort = Key("GSI1SK").lt(before) if before else None
        return self._table.query(partition, index="GSI1", sort=sort, limit=limit, newest_first=True).items

    def _refuse_unless_pending(self, request: TutorRequest, refused: ConditionFailed) -> None:
        now = self.request(request.request_id)
        if now is None or now.status is not RequestStatus.PENDING:
            raise AlreadyDecided from refused


def _decide(request: TutorRequest) -> list[Write]:
    """Return the writes that give a pending request its new status and place, and free the pair."""
    change = Update(
        keys.tutor_request(request.request_id),
        METADATA,
        put={
            "status": request.status.value,
            "processedAt": request.processed_at,
            "tutorEmailStatus": request.tutor_email_status,
            "GSI1PK": keys.requests_to(request.tutor_id, request.status.value),
        },
        condition=_PENDING,
    )
    return [change, Delete(keys.pending(request.tutor_id, request.student_id), keys.LOCK)]


def _request_item(one: TutorRequest) -> Item:
    return one.model_dump(mode="json", by_alias=True, exclude_none=True) | {
        "PK": keys.tutor_request(one.request_id),
        "SK": METADATA,
        "tutorEmailStatus": one.tutor_email_status,
        "GSI1PK": keys.requests_to(one.tutor_id, one.status.value),
        "GSI1SK": f"{one.created_at}#{one.request_id}",
        "GSI2PK": keys.requests_of(one.student_id),
        "GSI2SK": one.created_at,
    }


def _relation_item(one: TutorStudent) -> Item:
    return one.model_dump(by_alias=True, exclude_none=True) | {
        "PK": keys.tutor(one.tutor_id),
        "SK": keys.student(one.student_id),
        "GSI1PK": keys.tutors_of(one.student_id),
        "GSI1SK": one.assigned_at,
    }


def _request(item: Item) -> TutorRequest:
    return TutorRequest.model_validate(item, extra="ignore")


def _relation(item: Item) -> TutorStudent:
    return TutorStudent.model_validate(item, extra="ignore")
