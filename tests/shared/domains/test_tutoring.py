from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import ValidationError

from shared.adapters.memory.accounts import MemoryAccounts
from shared.adapters.memory.kernel import CountedIds, MemoryEvents, MemoryJobs, SetClock
from shared.adapters.memory.notifications import MemoryNotifications
from shared.adapters.memory.tutoring import MemoryAskingRate, MemoryDirectory, MemoryLiveStudents, MemoryTutoring
from shared.domains.accounts.models import Account, Language, Role
from shared.domains.notifications.models import Notification, NotificationType
from shared.domains.tutoring.contract import (
    ListRequests,
    ListTutors,
    RequestTutor,
    ShowStatus,
    StoreStudentStatus,
    StudentItem,
)
from shared.domains.tutoring.errors import (
    AlreadyDecided,
    AlreadyMatched,
    AlreadyPending,
    NotAccepting,
    RequestNotFound,
    StudentNotFound,
    StudentsOnly,
    TutorFull,
    TutorNotFound,
)
from shared.domains.tutoring.models import Doing, RequestStatus, TutorRequest
from shared.domains.tutoring.rules import asking, deciding, ending, following
from shared.kernel.errors import RateLimited, Unavailable
from shared.kernel.principal import Principal
from shared.kernel.topics import user_topic
from tests.builders import a_principal

STUDENT, OTHER = a_principal("student", name="학생"), a_principal("other")
TUTOR = a_principal("tutor", role="tutor", name="김튜터")
SECOND = a_principal("second", role="tutor", name="Alex Kim")


@dataclass
class World:
    clock: SetClock = field(default_factory=SetClock)
    ids: CountedIds = field(default_factory=CountedIds)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    jobs: MemoryJobs = field(default_factory=MemoryJobs)
    accounts: MemoryAccounts = field(default_factory=MemoryAccounts)
    notifications: MemoryNotifications = field(default_factory=MemoryNotifications)
    live: MemoryLiveStudents = field(default_factory=MemoryLiveStudents)
    announced: list[Notification] = field(default_factory=list)
    rate: MemoryAskingRate = field(default_factory=MemoryAskingRate)

    def __post_init__(self) -> None:
        self.tutoring = MemoryTutoring(self.notifications, self.accounts)
        self.directory = MemoryDirectory(self.accounts, self.tutoring)
        for one in (STUDENT, OTHER, TUTOR, SECOND):
            self.has(one)

    def has(self, one: Principal, **fields: Any) -> None:
        tutors = {"is_accepting": True, "max_students": 2} if one.is_tutor else {}
        given: dict[str, Any] = {"is_confirmed": True, "created_at": "2026-01-01T00:00:00.000000Z"} | tutors
        account = Account(user_id=one.user_id, email=one.email, name=one.name, role=Role(one.role), **given | fields)
        self.accounts.accounts[one.user_id] = account
        self.accounts.owners[one.email] = one.user_id

    def ask(self, by: Principal = STUDENT, tutor: str = "tutor@example.com", **fields: Any) -> TutorRequest:
        return asking.request_tutor(
            tutor,
            RequestTutor(message="Please"),
            by,
            request_id=fields.get("request_id") or self.ids.new(),
            directory=self.directory,
            tutoring=self.tutoring,
            rate=self.rate,
            announce=self.announced.append,
            ids=self.ids,
            clock=self.clock,
        )

    def decide(self, how: Any, request: TutorRequest, by: Principal = TUTOR) -> TutorRequest:
        decided: TutorRequest = how(
            request.request_id,
            by,
            directory=self.directory,
            tutoring=self.tutoring,
            announce=self.announced.append,
            ids=self.ids,
            clock=self.clock,
        )
        return decided

    def approve(self, request: TutorRequest, by: Principal = TUTOR) -> TutorRequest:
        return self.decide(deciding.approve_request, request, by)

    def reject(self, request: TutorRequest, by: Principal = TUTOR) -> TutorRequest:
        return self.decide(deciding.reject_request, request, by)

    def match(self, student: Principal = STUDENT, tutor: Principal = TUTOR) -> None:
        self.approve(self.ask(student, tutor.email), tutor)

    def status(self, by: Principal = STUDENT, **fields: Any) -> None:
        following.show_status(
            ShowStatus.model_validate({"isLearning": True} | fields),
            by,
            tutoring=self.tutoring,
            live=self.live,
            events=self.events,
            jobs=self.jobs,
            clock=self.clock,
        )

    def students(self, of: Principal = TUTOR) -> list[StudentItem]:
        return following.list_students(of, directory=self.directory, tutoring=self.tutoring, live=self.live)

    def listed(self, by: Principal, position: Any = None, **asked: Any) -> tuple[list[str], Any]:
        command = ListRequests.model_validate(asked)
        page = asking.list_requests(command, by, position=position, directory=self.directory, tutoring=self.tutoring)
        return [one.request_id for one in page.items], page.position

    def end(self, email: str = STUDENT.email, by: Principal = TUTOR) -> None:
        ending.end_with_student(email, by, directory=self.directory, tutoring=self.tutoring)


@pytest.fixture
def world() -> World:
    return World()


def test_requests_name_both_sides_as_they_are_called_now(world: World) -> None:
    world.ask()
    world.has(STUDENT, level="advanced", share_results=True)
    page = asking.list_requests(
        ListRequests(), TUTOR, position=None, directory=world.directory, tutoring=world.tutoring
    )
    assert [(one.student_name, one.tutor_name) for one in page.items] == [(STUDENT.name, TUTOR.name)]

    world.accounts.accounts.pop(STUDENT.user_id)
    page = asking.list_requests(
        ListRequests(), TUTOR, position=None, directory=world.directory, tutoring=world.tutoring
    )
    assert "studentName" not in page.items[0].wire()


def test_a_tutor_sees_the_level_of_students_and_what_they_share(world: World) -> None:
    world.match()
    [before] = world.students()
    assert (before.level, before.share_results, before.share_recordings) == (None, False, False)
    world.has(STUDENT, level="advanced", share_results=True)
    [after] = world.students()
    assert (after.level, after.share_results, after.share_recordings) == ("advanced", True, False)


def test_tutors_are_found_by_any_part_of_their_name(world: World) -> None:
    world.has(a_principal("hidden", role="tutor"), is_confirmed=False)

    def found(search: str | None, **asked: Any) -> list[str]:
        command = ListTutors.model_validate({"search": search} | asked)
        page = asking.list_tutors(command, STUDENT, position=None, directory=world.directory, tutoring=world.tutoring)
        return [one.name for one in page.items]

    assert found(None) == ["Alex Kim", "김튜터"]
    assert found("KIM") == ["Alex Kim"]
    assert found("튜") == ["김튜터"]
    assert found("nobody") == []
    assert found("  ", limit=1) == ["Alex Kim"]


def test_a_tutors_email_is_shown_to_whoever_asked_or_is_taught_and_a_handle_to_strangers(world: World) -> None:
    def seen(by: Principal) -> dict[str, str]:
        page = asking.list_tutors(ListTutors(), by, position=None, directory=world.directory, tutoring=world.tutoring)
        return {one.name: one.email for one in page.items}

    assert seen(STUDENT)["김튜터"] == "tutor@tutors.invalid"
    assert seen(TUTOR)["김튜터"] == TUTOR.email
    request = world.ask(tutor=seen(STUDENT)["김튜터"])
    assert request.tutor_email == TUTOR.email
    assert seen(STUDENT) == {"Alex Kim": seen(STUDENT)["Alex Kim"], "김튜터": TUTOR.email}
    assert seen(STUDENT)["Alex Kim"].endswith("@tutors.invalid")


def test_a_request_is_stored_with_the_tutors_notification(world: World) -> None:
    request = world.ask()

    assert (request.status, request.tutor_email_status) == (RequestStatus.PENDING, "tutor@example.com#PENDING")
    [note] = world.announced
    assert (note.user_id, note.type) == ("tutor", NotificationType.TUTOR_MATCH)
    assert note.title.ko == "새로운 매칭 요청"
    assert note.message.ko == "student@example.com님이 매칭을 요청했습니다."
    assert note.data["requestId"] == request.request_id
    assert world.notifications.stored == {note.notification_id: note}


def test_case_does_not_count_in_the_tutors_email(world: World) -> None:
    assert world.ask(tutor="Tutor@Example.COM").tutor_email == "tutor@example.com"


def test_a_notification_is_in_the_language_of_its_readers_account(world: World) -> None:
    world.has(TUTOR, language=Language.KOREAN)
    world.ask()
    world.ask(tutor=SECOND.email)

    assert [one.language for one in world.announced] == ["ko", None]


@pytest.mark.parametrize(
    ("tutor", "by", "refusal"),
    [
        ("nobody@example.com", STUDENT, TutorNotFound),
        (OTHER.email, STUDENT, TutorNotFound),
        (TUTOR.email, SECOND, StudentsOnly),
        (TUTOR.email, TUTOR, StudentsOnly),
    ],
)
def test_who_may_ask_whom(world: World, tutor: str, by: Principal, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        world.ask(by, tutor)
    assert world.announced == []


def test_a_second_request_waits_for_the_first(world: World) -> None:
    first = world.ask()
    with pytest.raises(AlreadyPending):
        world.ask()
    world.ask(OTHER)
    world.ask(tutor=SECOND.email)
    world.reject(first)

    assert world.ask().request_id != first.request_id


def test_the_same_request_again_changes_nothing(world: World) -> None:
    first, again = world.ask(request_id="r1"), world.ask(request_id="r1")

    assert first.request_id == again.request_id == "r1"
    assert len(world.notifications.stored) == 1


def test_whoever_is_matched_full_or_closed_takes_no_request(world: World) -> None:
    world.match()
    with pytest.raises(AlreadyMatched):
        world.ask()
    world.match(OTHER)
    with pytest.raises(TutorFull):
        world.ask(a_principal("third"))
    world.has(SECOND, is_accepting=False)
    with pytest.raises(NotAccepting):
        world.ask(tutor=SECOND.email)


def test_approving_begins_the_relation_and_tells_the_student(world: World) -> None:
    world.has(STUDENT, language=Language.KOREAN)
    approved = world.approve(world.ask())

    assert (approved.status, approved.tutor_email_status) == (RequestStatus.APPROVED, "tutor@example.com#APPROVED")
    relation = world.tutoring.relation(TUTOR.user_id, STUDENT.user_id)
    assert relation is not None
    assert (relation.status, relation.request_id, relation.assigned_at) == (
        "active",
        approved.request_id,
        approved.processed_at,
    )
    note = world.announced[-1]
    assert (note.user_id, note.title.ko, note.message.ko) == ("student", "매칭 완료", "김튜터님과 매칭되었습니다.")
    assert (note.type, note.data["status"]) == (NotificationType.TUTOR_MATCH, "APPROVED")
    assert note.language == "ko"


def test_rejecting_tells_the_student_and_begins_nothing(world: World) -> None:
    rejected = world.reject(world.ask())

    assert rejected.status is RequestStatus.REJECTED
    assert world.tutoring.relations == {}
    note = world.announced[-1]
    assert (note.user_id, note.type, note.data["status"]) == ("student", NotificationType.TUTOR_MATCH, "REJECTED")
    assert NotificationType("tutor_match_rejected") is NotificationType.TUTOR_MATCH


@pytest.mark.parametrize("first", [World.approve, World.reject])
@pytest.mark.parametrize("second", [World.approve, World.reject])
def test_a_request_is_decided_once(world: World, first: Any, second: Any) -> None:
    request = world.ask()
    first(world, request)
    before = (dict(world.tutoring.requests), dict(world.tutoring.relations), len(world.announced))

    with pytest.raises(AlreadyDecided):
        second(world, request)

    assert (world.tutoring.requests, world.tutoring.relations, len(world.announced)) == before


@pytest.mark.parametrize("decide", [World.approve, World.reject])
def test_only_the_addressed_tutor_decides(world: World, decide: Any) -> None:
    request = world.ask()

    with pytest.raises(RequestNotFound):
        decide(world, request, SECOND)
    with pytest.raises(RequestNotFound):
        decide(world, request.model_copy(update={"request_id": "unknown"}))


def test_the_places_are_checked_again_at_approval(world: World) -> None:
    requests = [world.ask(one) for one in (STUDENT, OTHER, a_principal("third"))]
    for request in requests[:2]:
        world.approve(request)

    with pytest.raises(TutorFull):
        world.approve(requests[2])
    world.end()
    world.approve(requests[2])


def test_a_student_whose_account_is_gone_can_still_be_decided_on(world: World) -> None:
    request = world.ask()
    del world.accounts.accounts["student"]

    assert world.approve(request).status is RequestStatus.APPROVED
    assert world.students() == []


def test_requests_are_listed_on_both_sides(world: World) -> None:
    first = world.ask()
    world.reject(first)
    second = world.ask()
    third = world.ask(OTHER)

    assert world.listed(TUTOR)[0] == [third.request_id, second.request_id, first.request_id]
    assert world.listed(STUDENT)[0] == [second.request_id, first.request_id]
    assert world.listed(TUTOR, status="pending")[0] == [third.request_id, second.request_id]
    assert world.listed(SECOND)[0] == []
    page, position = world.listed(TUTOR, limit=2)
    assert world.listed(TUTOR, position, limit=2) == ([first.request_id], None)
    assert len(page) == 2
    with pytest.raises(ValidationError):
        world.listed(TUTOR, status="lost")


def test_students_are_shown_as_they_are_just_now(world: World) -> None:
    world.match()
    world.match(OTHER)
    world.live.online.add("student")
    world.status(room="카페")

    by_name = {one.name: one for one in world.students()}

    assert [one.name for one in world.students()] == sorted(by_name)
    mine = by_name["학생"]
    assert (mine.online, mine.room, mine.is_learning, mine.email) == (True, "카페", True, STUDENT.email)
    other = by_name["Name of other"]
    assert (other.online, other.room, other.is_learning, other.updated_at) == (False, None, False, None)


def test_what_was_stored_later_counts_more_than_what_redis_still_has(world: World) -> None:
    world.match()
    world.live.tell("student", Doing(room="old", updated_at="2026-01-01T00:00:00.000000Z"))
    job = StoreStudentStatus(
        student_id=STUDENT.user_id, doing=Doing(room="new", updated_at="2026-02-01T00:00:00.000000Z")
    )
    following.store_student_status(job, tutoring=world.tutoring)

    assert world.students()[0].room == "new"


def test_a_status_goes_to_every_tutor_of_the_student_at_once(world: World) -> None:
    world.match()
    world.match(tutor=SECOND)
    world.match(OTHER)

    world.status(room="카페")

    assert {topic for topic, _, _ in world.events.published} == {user_topic("tutor"), user_topic("second")}
    told = world.events.published[0][1].wire()
    assert told == {
        "type": "student_status_update",
        "studentEmail": STUDENT.email,
        "room": "카페",
        "isLearning": True,
        "updatedAt": told["updatedAt"],
    }
    [job] = world.jobs.jobs
    assert isinstance(job, StoreStudentStatus)
    following.store_student_status(job, tutoring=world.tutoring)
    relation = world.tutoring.relation(TUTOR.user_id, STUDENT.user_id)
    assert relation is not None
    assert (relation.room, relation.is_learning, relation.updated_at) == ("카페", True, told["updatedAt"])


def test_an_older_status_never_replaces_a_newer_one(world: World) -> None:
    world.match()
    world.status(room="first")
    world.status(room="second")

    for job in reversed([one for one in world.jobs.jobs if isinstance(one, StoreStudentStatus)]):
        following.store_student_status(job, tutoring=world.tutoring)

    relation = world.tutoring.relation(TUTOR.user_id, STUDENT.user_id)
    assert relation is not None
    assert relation.room == "second"


def test_a_tutor_whose_relation_ended_is_told_nothing(world: World) -> None:
    world.match()
    world.end(STUDENT.email.upper())

    world.status(room="secret")

    assert world.events.published == []
    assert world.jobs.jobs == []
    assert world.students() == []


def test_a_relation_ends_once_and_by_its_own_tutor(world: World) -> None:
    world.match()
    with pytest.raises(StudentNotFound):
        world.end(by=SECOND)
    world.end()
    with pytest.raises(StudentNotFound):
        world.end()


def test_tutors_have_no_status(world: World) -> None:
    with pytest.raises(StudentsOnly):
        world.status(TUTOR)


def test_a_status_that_cannot_be_kept_is_said_so(world: World) -> None:
    world.match()
    world.jobs.is_away = True

    with pytest.raises(Unavailable):
        world.status()


def test_ones_own_tutors_are_none_at_first(world: World) -> None:
    def own() -> list[tuple[str, str]]:
        found = following.list_own_tutors(STUDENT, directory=world.directory, tutoring=world.tutoring)
        return [(one.name, one.email) for one in found]

    assert own() == []
    world.match()
    world.match(tutor=SECOND)
    assert own() == [("김튜터", TUTOR.email), ("Alex Kim", SECOND.email)]
    del world.accounts.accounts["second"]
    assert own()[1] == ("", SECOND.email)


def test_a_student_may_leave_a_tutor_who_hears_nothing_more(world: World) -> None:
    world.match()
    ending.end_with_tutor(TUTOR.email, STUDENT, directory=world.directory, tutoring=world.tutoring)
    world.status()
    assert not [topic for topic, *_ in world.events.published if topic == user_topic(TUTOR.user_id)]
    with pytest.raises(TutorNotFound):
        ending.end_with_tutor(TUTOR.email, STUDENT, directory=world.directory, tutoring=world.tutoring)


def test_a_student_cannot_ask_without_end(world: World) -> None:
    for _ in range(world.rate.allowed):
        world.reject(world.ask())
    with pytest.raises(RateLimited):
        world.ask()


def test_the_same_address_in_another_hand_is_another_person(world: World) -> None:
    world.match()
    heir = a_principal("heir", email=STUDENT.email)
    world.has(heir)
    assert following.list_own_tutors(heir, directory=world.directory, tutoring=world.tutoring) == []
    assert world.listed(heir)[0] == []


def test_what_was_refused_does_not_count(world: World) -> None:
    world.ask()
    for _ in range(world.rate.allowed):
        with pytest.raises(AlreadyPending):
            world.ask()
