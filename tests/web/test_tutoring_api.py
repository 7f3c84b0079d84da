"""Matching, live status, feedback and notifications over HTTP, on ports in memory."""

from dataclasses import dataclass
from typing import Any

import pytest

from shared.domains.feedback.contract import StoreFeedback
from shared.domains.tutoring.contract import StoreStudentStatus
from shared.kernel.topics import user_topic

TUTOR, STUDENT = "tutor@example.com", "student@example.com"


@dataclass
class Pair:
    """A tutor and a student, who are signed in."""

    web: Any
    tutor: str
    student: str

    def ask(self, **fields: Any) -> Any:
        return self.web.call("POST", f"/api/tutors/{TUTOR.upper()}/request", self.student, json=fields)

    def approve(self, request_id: str) -> Any:
        return self.web.call("POST", f"/api/tutors/requests/{request_id}/approve", self.tutor)

    def match(self) -> None:
        assert self.approve(self.ask().get_json()["requestId"]).status_code == 200

    def send(self, **fields: Any) -> Any:
        body = {"studentEmail": STUDENT, "message": "Good", "messageType": "text"} | fields
        return self.web.call("POST", "/api/tutor/feedback", self.tutor, json=body)

    def get(self, path: str, token: str) -> dict[str, Any]:
        answer = self.web.call("GET", path, token)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def pushed(self, user_id: str) -> list[dict[str, Any]]:
        published = self.web.context.events.published
        return [event.wire() for topic, event, _ in published if topic == user_topic(user_id)]


@pytest.fixture
def pair(web: Any) -> Pair:
    tutor = web.sign_in(TUTOR, role="tutor", name="김튜터")
    return Pair(web, tutor, web.sign_in(STUDENT, language="ko"))


def test_a_request_goes_to_the_tutor_and_its_answer_back(pair: Pair) -> None:
    answer = pair.ask(message="부탁드려요")

    assert answer.status_code == 201
    said = answer.get_json()
    assert (said["success"], said["status"]) == (True, "PENDING")
    assert pair.pushed("user-1")[0]["notificationType"] == "tutor_match"
    for token in (pair.tutor, pair.student):
        [request] = pair.get("/api/tutors/requests?status=pending", token)["requests"]
        assert (request["message"], request["studentEmail"]) == ("부탁드려요", STUDENT)
    approved = pair.approve(said["requestId"]).get_json()
    assert (approved["status"], approved["message"]) == ("APPROVED", "Approved")
    [told] = pair.pushed("user-2")
    assert (told["title"], told["message"]) == ("매칭 완료", "김튜터님과 매칭되었습니다.")
    [tutor] = pair.get("/api/student/tutors", pair.student)["tutors"]
    assert (tutor["name"], tutor["email"], tutor["status"]) == ("김튜터", TUTOR, "active")


def test_every_conflict_is_said_in_the_readers_language(pair: Pair) -> None:
    first = pair.ask().get_json()["requestId"]
    again = pair.ask()
    assert (again.status_code, again.get_json()["error"]) == (409, "CONFLICT")
    assert again.get_json()["message"] == "이미 대기 중인 매칭 요청이 있습니다."
    assert pair.approve(first).status_code == 200
    assert pair.approve(first).status_code == 409
    assert pair.ask().get_json()["message"] == "이미 매칭되어 있습니다."
    refused = pair.web.call("POST", f"/api/tutors/requests/{first}/reject", pair.tutor)
    assert refused.status_code == 409


def test_a_tutor_may_close_the_door_and_limit_the_places(pair: Pair) -> None:
    pair.web.call("PATCH", "/api/me", pair.tutor, json={"isAccepting": False})
    assert pair.ask().get_json()["message"] == "튜터가 지금은 매칭 요청을 받지 않습니다."
    pair.web.call("PATCH", "/api/me", pair.tutor, json={"isAccepting": True, "maxStudents": 1})
    first = pair.ask().get_json()["requestId"]
    other = pair.web.sign_in("other@example.com")
    second = pair.web.call("POST", f"/api/tutors/{TUTOR}/request", other).get_json()["requestId"]
    assert pair.approve(first).status_code == 200
    assert pair.approve(second).status_code == 409
    [tutor] = pair.get("/api/tutors?search=튜터", other)["tutors"]
    stranger = pair.web.sign_in("stranger@example.com")
    [unknown] = pair.get("/api/tutors?search=튜터", stranger)["tutors"]
    assert unknown == tutor | {"email": unknown["email"]}
    assert unknown["email"].endswith("@tutors.invalid")
    assert pair.web.call("POST", f"/api/tutors/{unknown['email']}/request", stranger).status_code == 409  # full
    assert tutor == {
        "email": TUTOR,
        "name": "김튜터",
        "isAccepting": True,
        "maxStudents": 1,
        "studentCount": 1,
    }


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/api/tutors/nobody@example.com/request", 404),
        ("POST", f"/api/tutors/{'x' * 3000}/request", 404),
        ("GET", "/api/tutors?limit=0", 400),
        ("GET", "/api/tutors?cursor=damaged", 400),
        ("GET", "/api/tutors/requests?status=lost", 400),
        ("GET", "/api/feedback", 400),
        ("GET", "/api/notifications?limit=101", 400),
        ("POST", "/api/notifications/unknown/read", 404),
        ("POST", f"/api/notifications/{'x' * 3000}/read", 404),
        ("POST", "/api/feedback/unknown/read", 404),
        ("POST", f"/api/feedback/{'x' * 3000}/read", 404),
        ("POST", "/api/student-status", 400),
        ("GET", "/api/operations/connections", 403),
        ("DELETE", "/api/tutor/students/x@example.com", 403),
    ],
)
def test_what_a_student_is_refused(pair: Pair, method: str, path: str, status: int) -> None:
    assert pair.web.call(method, path, pair.student).status_code == status


def test_a_tutor_asks_nobody_and_decides_only_their_own(pair: Pair) -> None:
    other = pair.web.sign_in("other@example.com", role="tutor")
    request_id = pair.ask().get_json()["requestId"]

    assert pair.web.call("POST", f"/api/tutors/{TUTOR}/request", other).status_code == 403
    assert pair.web.call("POST", f"/api/tutors/requests/{request_id}/approve", other).status_code == 404
    assert pair.web.call("POST", "/api/student-status", other, json={"isLearning": True}).status_code == 403


def test_a_request_with_a_key_is_made_once(pair: Pair) -> None:
    def ask() -> Any:
        path = f"/api/tutors/{TUTOR}/request"
        return pair.web.call("POST", path, pair.student, json={}, headers={"Idempotency-Key": "1"})

    first, second = ask(), ask()

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json()["requestId"] == second.get_json()["requestId"]


def test_a_status_reaches_the_tutor_until_the_relation_ends(pair: Pair) -> None:
    pair.match()
    answer = pair.web.call(
        "POST", "/api/student-status", pair.student, json={"room": "카페", "isLearning": True, "studentEmail": STUDENT}
    )
    assert answer.get_json()["room"] == "카페"
    assert pair.pushed("user-1")[-1]["type"] == "student_status_update"
    assert any(isinstance(job, StoreStudentStatus) for job in pair.web.context.jobs.jobs)
    [student] = pair.get("/api/tutor/students", pair.tutor)["students"]
    assert (student["email"], student["room"], student["isLearning"], student["online"]) == (
        STUDENT,
        "카페",
        True,
        False,
    )

    assert pair.web.call("DELETE", f"/api/tutor/students/{STUDENT}", pair.tutor).status_code == 200
    before = len(pair.pushed("user-1"))
    pair.web.call("POST", "/api/student-status", pair.student, json={"isLearning": False})
    assert len(pair.pushed("user-1")) == before
    assert pair.web.call("DELETE", f"/api/tutor/students/{STUDENT}", pair.tutor).status_code == 404
    assert pair.send().status_code == 403


def test_feedback_is_answered_at_once_and_read(pair: Pair) -> None:
    pair.match()
    sent = pair.send(kind="tip").get_json()
    assert sent["websocketSent"] is False
    [job] = [one for one in pair.web.context.jobs.jobs if isinstance(one, StoreFeedback)]
    assert job.feedback[0].feedback_id == sent["feedback_id"]
    pair.web.context.feedback.keep(job.feedback[0])

    read = pair.web.call("POST", f"/api/feedback/{sent['feedback_id']}/read", pair.student)
    assert read.status_code == 200
    assert pair.pushed("user-1")[-1]["type"] == "feedback_read"
    for token, other in ((pair.tutor, STUDENT), (pair.student, TUTOR)):
        page = pair.get(f"/api/feedback?with={other}", token)
        assert [one["feedback_id"] for one in page["feedback"]] == [sent["feedback_id"]]
        assert page["hasMore"] is False


def test_feedback_that_cannot_be_queued_is_503_and_may_be_sent_again(pair: Pair) -> None:
    pair.match()
    pair.web.context.jobs.is_away = True
    assert pair.send().status_code == 503
    pair.web.context.jobs.is_away = False
    assert pair.send().status_code == 200


def test_notifications_are_listed_counted_and_read(pair: Pair) -> None:
    pair.match()
    listed = pair.get("/api/notifications", pair.student)
    [note] = listed["notifications"]
    assert (listed["unreadCount"], note["title"], note["read"]) == (1, "매칭 완료", False)
    assert set(note) == {"notificationId", "type", "title", "message", "data", "read", "createdAt"}
    path = f"/api/notifications/{note['notificationId']}/read"
    assert pair.web.call("POST", path, pair.tutor).status_code == 404
    assert pair.web.call("POST", path, pair.student).status_code == 200
    assert pair.get("/api/notifications?unread=true", pair.student)["notifications"] == []
    assert pair.web.call("POST", "/api/notifications/read-all", pair.tutor).get_json()["count"] == 1
    assert pair.get("/api/notifications", pair.tutor)["unreadCount"] == 0


def test_operators_see_connections_by_kind_and_gateway(web: Any) -> None:
    web.context.identities.groups["duty@example.com"] = frozenset({"operators"})
    duty = web.sign_in("duty@example.com")

    answer = web.call("GET", "/api/operations/connections", duty)

    assert answer.status_code == 200
    said = answer.get_json()
    assert (said["room"], said["user"], said["total"], said["gateways"]) == (0, 0, 0, [])
