import json
from dataclasses import dataclass
from typing import Any

import pytest

from shared.adapters.dynamodb import directory
from shared.adapters.dynamodb.accounts import DynamoAccounts
from shared.adapters.dynamodb.directory import DynamoDirectory
from shared.adapters.dynamodb.notifications import DynamoNotifications
from shared.adapters.dynamodb.table import Table
from shared.adapters.dynamodb.tutoring import DynamoTutoring
from shared.adapters.memory.accounts import MemoryAccounts
from shared.adapters.memory.notifications import MemoryNotifications
from shared.adapters.memory.tutoring import MemoryDirectory, MemoryTutoring
from shared.domains.accounts.models import Account, Role
from shared.domains.accounts.ports import AccountStore
from shared.domains.notifications.models import Notification, NotificationType, Wording
from shared.domains.notifications.ports import NotificationStore
from shared.domains.tutoring.errors import (
    AlreadyDecided,
    AlreadyMatched,
    AlreadyPending,
    StudentNotFound,
    TutorFull,
)
from shared.domains.tutoring.models import Doing, RequestStatus, TutorRequest, TutorStudent
from shared.domains.tutoring.ports import TutorDirectory, TutoringStore
from tests.shared.adapters.concurrency import together

TUTOR = "tutor@example.com"


@dataclass
class World:
    tutoring: TutoringStore
    directory: TutorDirectory
    accounts: AccountStore
    notifications: NotificationStore

    def tutor(self, user_id: str = "tutor", places: int = 2, **fields: Any) -> None:
        account = Account(
            user_id=user_id,
            email=f"{user_id}@example.com",
            name=fields.pop("name", user_id),
            role=Role.TUTOR,
            is_accepting=True,
            max_students=places,
            created_at="2026-01-01T00:00:00.000000Z",
            is_confirmed=True,
        )
        self.accounts.add(account.model_copy(update=fields))

    def asked(self, number: int = 1, student: str = "s", **fields: Any) -> TutorRequest:
        request = a_request(number, student, **fields)
        self.tutoring.ask(request, a_note(request.request_id, "tutor"))
        return request

    def approved(self, request: TutorRequest) -> TutorStudent:
        relation = a_relation(request)
        note = a_note(f"approved-{request.request_id}", request.student_id)
        self.tutoring.approve(decided(request, RequestStatus.APPROVED), relation, note)
        return relation

    def notes(self, user_id: str) -> list[str]:
        page = self.notifications.of_user(user_id, unread_only=False, limit=100, position=None)
        return sorted(one.notification_id for one in page.items)


def a_request(number: int = 1, student: str = "s", **fields: Any) -> TutorRequest:
    given = {
        "request_id": f"r{number}",
        "student_email": f"{student}@example.com",
        "student_id": student,
        "tutor_email": TUTOR,
        "tutor_id": "tutor",
        "message": "",
        "created_at": f"2026-01-02T03:04:{number:02d}.000000Z",
    }
    return TutorRequest.model_validate(given | fields)


def decided(request: TutorRequest, status: RequestStatus) -> TutorRequest:
    return request.model_copy(update={"status": status, "processed_at": "2026-01-03T00:00:00.000000Z"})


def a_relation(request: TutorRequest) -> TutorStudent:
    return TutorStudent(
        tutor_email=request.tutor_email,
        tutor_id=request.tutor_id,
        student_email=request.student_email,
        student_id=request.student_id,
        assigned_at=request.created_at,
        request_id=request.request_id,
    )


def a_note(notification_id: str, user_id: str) -> Notification:
    return Notification(
        notification_id=notification_id,
        user_id=user_id,
        type=NotificationType.TUTOR_MATCH,
        title=Wording(en="t", ko="ㅌ"),
        message=Wording(en="m", ko="ㅁ"),
        created_at="2026-01-02T03:04:05.000000Z",
    )


@pytest.fixture(params=["memory", "dynamodb"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "memory":
        accounts, notifications = MemoryAccounts(), MemoryNotifications()
        tutoring = MemoryTutoring(notifications, accounts)
        return World(tutoring, MemoryDirectory(accounts, tutoring), accounts, notifications)
    return on(request.getfixturevalue("adapter_table"))


def on(table: Table) -> World:
    return World(DynamoTutoring(table), DynamoDirectory(table), DynamoAccounts(table), DynamoNotifications(table))


@pytest.fixture
def dynamo(adapter_table: Table) -> World:
    return on(adapter_table)


def test_a_request_is_kept_as_it_was_made_with_its_notification(world: World) -> None:
    request = world.asked(message="부탁드려요")

    assert world.tutoring.request("r1") == request
    assert world.tutoring.request("r9") is None
    assert world.notes("tutor") == ["r1"]


def test_a_pair_has_one_pending_request(world: World) -> None:
    world.tutor()
    first = world.asked()
    with pytest.raises(AlreadyPending):
        world.asked(2)
    world.asked(3, "other")
    world.asked(tutor_id="x", request_id="r4")
    world.tutoring.reject(decided(first, RequestStatus.REJECTED), a_note("n", "s"))

    second = world.asked(5)
    world.approved(second)
    with pytest.raises(AlreadyMatched):
        world.asked(6)
    assert world.tutoring.request("r6") is None
    assert world.notes("tutor") == ["r1", "r3", "r4", "r5"]


def test_the_same_request_again_is_fine(world: World) -> None:
    request = world.asked()

    world.tutoring.ask(request, a_note("another", "tutor"))

    assert world.notes("tutor") == ["r1"]


def test_approval_changes_everything_in_one_step(world: World) -> None:
    world.tutor()
    relation = world.approved(world.asked())

    stored = world.tutoring.request("r1")
    assert stored is not None
    assert (stored.status, stored.processed_at) == (RequestStatus.APPROVED, "2026-01-03T00:00:00.000000Z")
    assert world.tutoring.relation("tutor", "s") == relation
    assert world.tutoring.students_of("tutor") == [relation]
    assert world.tutoring.tutors_of("s") == [relation]
    assert world.notes("s") == ["approved-r1"]
    tutor = world.directory.tutor(TUTOR)
    assert tutor is not None
    assert tutor.student_count == 1


@pytest.mark.parametrize("first", [RequestStatus.APPROVED, RequestStatus.REJECTED])
def test_a_request_is_decided_once(world: World, first: RequestStatus) -> None:
    world.tutor()
    request = world.asked()
    if first is RequestStatus.APPROVED:
        world.approved(request)
    else:
        world.tutoring.reject(decided(request, first), a_note("approved-r1", "s"))

    with pytest.raises(AlreadyDecided):
        world.approved(request)
    with pytest.raises(AlreadyDecided):
        world.tutoring.reject(decided(request, RequestStatus.REJECTED), a_note("n2", "s"))
    with pytest.raises(AlreadyDecided):
        world.approved(a_request(9))
    stored = world.tutoring.request("r1")
    assert stored is not None
    assert stored.status is first
    assert world.notes("s") == ["approved-r1"]


def test_a_full_tutor_approves_nobody_until_one_goes(world: World) -> None:
    world.tutor(places=1)
    first, second = world.asked(), world.asked(2, "other")
    relation = world.approved(first)

    with pytest.raises(TutorFull):
        world.approved(second)
    assert world.tutoring.relation("tutor", "other") is None
    world.tutoring.end(relation)
    world.approved(second)
    with pytest.raises(StudentNotFound):
        world.tutoring.end(relation)
    tutor = world.directory.tutor(TUTOR)
    assert tutor is not None
    assert (tutor.student_count, tutor.is_full) == (1, True)


def listed(world: World, side: str, who: str, status: RequestStatus | None, limit: int) -> list[list[str]]:
    pages, position = [], None
    while True:
        page = getattr(world.tutoring, side)(who, status, limit=limit, position=position)
        pages.append([one.request_id for one in page.items])
        if page.position is None:
            return pages
        position = json.loads(json.dumps(page.position))


def test_requests_are_listed_newest_first_by_side_and_status(world: World) -> None:
    world.tutor(places=10)
    for number in range(1, 7):
        request = world.asked(number, f"s{number}")
        if number in (2, 5):
            world.approved(request)
        if number == 3:
            world.tutoring.reject(decided(request, RequestStatus.REJECTED), a_note("n", "s3"))
    world.asked(7, "s1", tutor_id="x")

    assert listed(world, "received", "tutor", None, 4) == [["r6", "r5", "r4", "r3"], ["r2", "r1"]]
    assert listed(world, "received", "tutor", RequestStatus.APPROVED, 1) == [["r5"], ["r2"]]
    assert listed(world, "received", "tutor", RequestStatus.PENDING, 5) == [["r6", "r4", "r1"]]
    assert listed(world, "sent", "s1", None, 1) == [["r7"], ["r1"]]
    assert listed(world, "sent", "s2", RequestStatus.PENDING, 5) == [[]]
    assert listed(world, "sent", "s2", RequestStatus.APPROVED, 5) == [["r2"]]


def test_what_a_student_does_is_kept_in_order(world: World) -> None:
    world.tutor()
    relation = world.approved(world.asked())
    for second, room in ((5, "cafe"), (3, "older")):
        doing = Doing(room=room, is_learning=True, updated_at=f"2026-01-02T00:00:{second:02d}.000000Z")
        world.tutoring.keep_status(relation, doing)

    [kept] = world.tutoring.students_of("tutor")
    assert (kept.room, kept.is_learning) == ("cafe", True)
    world.tutoring.keep_status(relation, Doing(updated_at="2026-01-02T00:00:09.000000Z"))
    assert world.tutoring.students_of("tutor")[0].room is None
    world.tutoring.end(relation)
    world.tutoring.keep_status(relation, Doing(updated_at="2026-01-02T00:00:10.000000Z"))
    assert world.tutoring.students_of("tutor") == world.tutoring.tutors_of("s") == []


def test_tutors_are_found_by_name_in_pages(world: World) -> None:
    for name in ("Kim Ann", "Lee", "kimberley", "김하늘", "Oh"):
        world.tutor(name.replace(" ", ""), name=name)
    world.tutor("hidden", is_confirmed=False, name="Kim Hidden")
    world.tutor("student", role=Role.STUDENT, name="Kim Student")

    def found(search: str | None, limit: int = 10) -> list[list[str]]:
        pages, position = [], None
        while True:
            page = world.directory.tutors(search, limit=limit, position=position)
            pages.append([one.name for one in page.items])
            if page.position is None:
                return pages
            position = json.loads(json.dumps(page.position))

    assert found(None) == [["Kim Ann", "Lee", "Oh", "kimberley", "김하늘"]]
    assert found("KIM", 1) == [["Kim Ann"], ["kimberley"]]
    assert found("하늘") == [["김하늘"]]
    assert found("x") == [[]]


def test_a_page_of_a_search_reads_a_bounded_number_of_tutors(dynamo: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "_READ_AT_ONCE", 2)
    monkeypatch.setattr(directory, "MOST_READ", 4)
    for number in range(9):
        dynamo.tutor(f"t{number}", name=f"Tutor {number}" if number < 8 else "Zoe")
    pages, position = [], None
    while not pages or position is not None:
        page = dynamo.directory.tutors("zoe", limit=10, position=position)
        pages.append([one.name for one in page.items])
        position = page.position

    assert pages == [[], [], ["Zoe"]]


def test_people_are_found_by_their_ids(world: World) -> None:
    world.tutor("a", name="Ann")
    world.tutor("hidden", is_confirmed=False)

    people = world.directory.people(["a", "gone", "a"])

    assert {one: person.name for one, person in people.items()} == {"a": "Ann"}
    assert world.directory.people([]) == {}
    assert world.directory.tutor("hidden@example.com") is None
    assert world.directory.tutor("nobody@example.com") is None


def test_of_two_requests_at_once_one_is_stored(dynamo: World) -> None:
    outcomes = together(12, lambda number: dynamo.asked(number + 1))

    assert sum(isinstance(one, TutorRequest) for one in outcomes) == 1
    assert sum(isinstance(one, AlreadyPending) for one in outcomes) == 11
    assert len(dynamo.notes("tutor")) == 1


def test_of_many_approvals_at_once_one_changes_anything(dynamo: World) -> None:
    dynamo.tutor()
    request = dynamo.asked()

    outcomes = together(20, lambda _: dynamo.approved(request))

    assert sum(isinstance(one, TutorStudent) for one in outcomes) == 1
    assert sum(isinstance(one, AlreadyDecided) for one in outcomes) == 19
    tutor = dynamo.directory.tutor(TUTOR)
    assert tutor is not None
    assert tutor.student_count == 1
    assert len(dynamo.notes("s")) == 1


def test_no_tutor_gets_one_student_too_many(dynamo: World) -> None:
    dynamo.tutor(places=3)
    requests = [dynamo.asked(number, f"s{number}") for number in range(1, 9)]

    outcomes = together(8, lambda number: dynamo.approved(requests[number]))

    assert sum(isinstance(one, TutorStudent) for one in outcomes) == 3
    assert sum(isinstance(one, TutorFull) for one in outcomes) == 5
    assert len(dynamo.tutoring.students_of("tutor")) == 3


def test_the_items_are_as_the_table_says(dynamo: World, adapter_table: Table) -> None:
    dynamo.tutor()
    request = dynamo.asked()
    pending = adapter_table.get("REQUEST#r1", "METADATA")
    assert pending is not None
    assert (pending["GSI1PK"], pending["GSI2PK"]) == ("TUTOR#tutor#PENDING", "STUDENT#s#REQUESTS")
    assert pending["tutorEmailStatus"] == f"{TUTOR}#PENDING"
    assert adapter_table.get("PENDING#tutor#s", "LOCK") is not None

    dynamo.approved(request)

    approved = adapter_table.get("REQUEST#r1", "METADATA")
    assert approved is not None
    assert (approved["GSI1PK"], approved["tutorEmailStatus"]) == ("TUTOR#tutor#APPROVED", f"{TUTOR}#APPROVED")
    assert adapter_table.get("PENDING#tutor#s", "LOCK") is None
    relation = adapter_table.get("TUTOR#tutor", "STUDENT#s")
    assert relation is not None
    assert (relation["GSI1PK"], relation["status"]) == ("STUDENT#s#TUTORS", "active")
