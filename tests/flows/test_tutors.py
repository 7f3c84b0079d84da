"""Tutors and students: matched, followed live, told at once, and told later where they were away."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_connection
from threading import Thread
from typing import Any

import httpx
import pytest

from tests.flows.cases import check_refusal
from tests.flows.channel import Channel
from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for

STORED_SECONDS = 5.0


@dataclass
class Pair:
    """A tutor and a student who are matched."""

    tutor: Person
    student: Person

    def send(self, message: str = "Good", **more: Any) -> dict[str, Any]:
        body = {"studentEmail": self.student.email, "message": message, "messageType": "text"} | more
        return self.tutor.post("/api/tutor/feedback", body)

    def history(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.tutor.get("/api/feedback", params={"with": self.student.email})["feedback"]
        return found

    def stored(self, feedback_id: str) -> dict[str, Any]:
        def find() -> dict[str, Any] | None:
            return next((one for one in self.history() if one["feedback_id"] == feedback_id), None)

        return wait_for(find, "the feedback is stored", STORED_SECONDS)  # type: ignore[return-value]

    def stored_as_sent(self, feedback_id: str) -> None:
        wait_for(lambda: self.stored(feedback_id)["websocket_sent"], "it is noted as sent", STORED_SECONDS)


def ask(student: Person, tutor: Person) -> str:
    return str(student.post(f"/api/tutors/{tutor.email}/request", {"message": "Please"})["requestId"])


def approve(tutor: Person, request_id: str) -> httpx.Response:
    return tutor.ask("POST", f"/api/tutors/requests/{request_id}/approve")


@pytest.fixture
def pair(people: People) -> Pair:
    tutor, student = people.fresh("tutor"), people.fresh()
    assert approve(tutor, ask(student, tutor)).status_code == 200
    return Pair(tutor, student)


@contextmanager
def channels_on_two_gateways(person: Person, platform: Platform) -> Iterator[list[Channel]]:
    """Open a person's channels until two lie on different gateways."""
    found: dict[str, Channel] = {}
    opened: list[Channel] = []
    try:
        while len(found) < 2:
            channel = person.channel()
            opened.append(channel)
            place = f"CONN#{channel.connection_id}"
            item = wait_for(lambda place=place: platform.item(place, "METADATA"), "it is recorded")  # type: ignore[misc]
            if found.setdefault(item["gatewayId"], channel) is not channel:
                channel.close()
        yield list(found.values())
    finally:
        for channel in opened:
            channel.close()


@dataclass
class Listening:
    """Reads server-sent events and comes back with the last id, as a browser does, until it is told to stop."""

    person: Person
    heard: list[tuple[str, str]] = field(default_factory=list)
    openings: int = 0
    last_event_id: str = ""
    is_over: bool = False

    def start(self) -> "Listening":
        Thread(target=self._run, daemon=True).start()
        wait_for(lambda: self.last_event_id, "it listens")
        return self

    def events(self, kind: str) -> list[str]:
        return [data for event, data in self.heard if event == kind]

    def _run(self) -> None:
        while not self.is_over:
            try:
                self._listen()
            except httpx.HTTPError:
                time.sleep(0.05)

    def _listen(self) -> None:
        headers = {"Last-Event-ID": self.last_event_id} if self.last_event_id else {}
        query = {"token": self.person.tokens["accessToken"]}
        address = f"{self.person.platform.base}/api/events"
        with httpx.stream("GET", address, params=query, headers=headers, timeout=20, trust_env=False) as answer:
            if answer.status_code != 200:
                self.is_over = answer.status_code == 401
                time.sleep(0.05)
                return
            self.openings += 1
            event = ""
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    self.last_event_id = value
                elif name == "event":
                    event = value
                elif name == "data":
                    self.heard.append((event, value))


def test_a_request_and_its_approval_reach_both_at_once(people: People, platform: Platform) -> None:
    tutor, student = people.fresh("tutor", language="ko"), people.fresh(language="ko")
    with tutor.channel() as tutors, student.channel() as students:
        request_id = ask(student, tutor)
        told = tutors.until(type="notification")
        assert (told["title"], told["message"]) == (
            "새로운 매칭 요청",
            f"{student.email}님이 매칭을 요청했습니다.",
        )
        assert platform.item(f"PENDING#{tutor.user_id}#{student.user_id}", "LOCK") is not None
        check_refusal(student.ask("POST", f"/api/tutors/{tutor.email}/request", json={}), 409)

        assert approve(tutor, request_id).status_code == 200
        result = students.until(type="notification")
    assert (result["title"], result["data"]["status"]) == ("매칭 완료", "APPROVED")
    item = platform.item(f"REQUEST#{request_id}", "METADATA")
    assert item is not None
    assert (item["status"], item["tutorEmailStatus"]) == ("APPROVED", f"{tutor.email}#APPROVED")
    assert platform.item(f"PENDING#{tutor.user_id}#{student.user_id}", "LOCK") is None
    relation = platform.item(f"TUTOR#{tutor.user_id}", f"STUDENT#{student.user_id}")
    assert relation is not None
    assert relation["requestId"] == request_id
    assert len(platform.items(f"USER#{student.user_id}", "NOTE#")) == 1
    listed = tutor.get("/api/tutors", params={"search": tutor.name.upper(), "limit": 100})["tutors"]
    assert next(one for one in listed if one["email"] == tutor.email)["studentCount"] == 1


def test_fifty_approvals_at_once_change_state_once(people: People, platform: Platform) -> None:
    tutor, student = people.fresh("tutor"), people.fresh()
    request_id = ask(student, tutor)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: approve(tutor, request_id), range(50)))

    assert sorted(one.status_code for one in answers) == [200] + [409] * 49
    assert len(platform.items(f"TUTOR#{tutor.user_id}", "STUDENT#")) == 1
    assert len(platform.items(f"USER#{student.user_id}", "NOTE#")) == 1
    account = platform.item(f"USER#{tutor.user_id}", "PROFILE")
    assert account is not None
    assert account["studentCount"] == 1


def test_two_requests_at_once_are_one(people: People) -> None:
    tutor, student = people.fresh("tutor"), people.fresh()
    with ThreadPoolExecutor(8) as pool:
        path = f"/api/tutors/{tutor.email}/request"
        answers = list(pool.map(lambda _: student.ask("POST", path, json={}), range(8)))

    expected = [201] + [409] * 7  # what was refused does not count against the student's day
    assert sorted(one.status_code for one in answers) == expected
    assert len(tutor.get("/api/tutors/requests")["requests"]) == 1
    assert tutor.get("/api/notifications")["unreadCount"] == 1


def test_the_last_place_is_given_once(people: People) -> None:
    tutor = people.fresh("tutor")
    tutor.ask("PATCH", "/api/me", json={"maxStudents": 1})
    requests = [ask(student, tutor) for student in people.some(6)]

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda one: approve(tutor, one), requests))

    assert sorted(one.status_code for one in answers) == [200] + [409] * 5
    assert len(tutor.get("/api/tutor/students")["students"]) == 1


def test_feedback_is_seen_at_once_on_every_gateway_once(pair: Pair, platform: Platform) -> None:
    with channels_on_two_gateways(pair.student, platform) as both:
        sent = pair.send(kind="praise", anchor={"messageId": "m1", "from": 0, "to": 4})
        assert sent["websocketSent"] is True
        for channel in both:
            pushed = channel.until(type="feedback")
            assert pushed["feedback_id"] == sent["feedback_id"]
            assert (pushed["tutorEmail"], pushed["tutor_email"]) == (pair.tutor.email, pair.tutor.email)
        assert pair.stored(sent["feedback_id"])["websocket_sent"] is True
        for channel in both:
            channel.barrier()
            assert sum(one.get("type") == "feedback" for one in channel.heard) == 1
    [line] = [
        one for one in platform.log() if one["event"] == "feedback.sent" and one["feedback_id"] == sent["feedback_id"]
    ]
    assert (line["websocket_sent"], line["queued"]) == (True, True)


def test_who_was_away_finds_it_when_a_channel_opens_once(pair: Pair) -> None:
    sent = [pair.send(f"number {number}") for number in range(3)]
    assert not any(one["websocketSent"] for one in sent)
    assert pair.stored(sent[-1]["feedback_id"])["websocket_sent"] is False

    with pair.student.channel() as channel:
        found = [channel.until(type="feedback")["feedback_id"] for _ in sent]
        assert found == [one["feedback_id"] for one in sent]
        for feedback_id in found:
            pair.stored_as_sent(feedback_id)
    with pair.student.channel() as again:
        time_for_a_second_look(again)
        assert [one for one in again.heard if one.get("type") == "feedback"] == []


def time_for_a_second_look(channel: Channel) -> None:
    """Wait until the gateway has looked twice for what waited, hearing all that comes meanwhile."""
    deadline = time.monotonic() + 2.5
    while (left := deadline - time.monotonic()) > 0:
        try:
            channel.next(left)
        except TimeoutError:
            return


def test_feedback_that_meets_a_returning_student_arrives(pair: Pair) -> None:
    for _ in range(5):
        with ThreadPoolExecutor(2) as pool:
            sending, opening = pool.submit(pair.send), pool.submit(pair.student.channel)
            sent, channel = sending.result(), opening.result()
        with channel:
            assert channel.until(type="feedback")["feedback_id"] == sent["feedback_id"]
            pair.stored_as_sent(sent["feedback_id"])


def test_reading_tells_the_tutor_even_before_it_is_stored(pair: Pair) -> None:
    with pair.tutor.channel() as tutors, pair.student.channel() as students:
        pair.send()
        feedback_id = students.until(type="feedback")["feedback_id"]
        pair.student.post(f"/api/feedback/{feedback_id}/read")
        assert tutors.until(type="feedback_read")["feedback_id"] == feedback_id
        check_refusal(pair.tutor.ask("POST", f"/api/feedback/{feedback_id}/read"), 404)
    wait_for(lambda: "read_at" in pair.stored(feedback_id), "it is noted as read", STORED_SECONDS)


def test_a_status_goes_to_the_tutor_and_stops_with_the_relation(pair: Pair, platform: Platform) -> None:
    with pair.tutor.channel() as tutors, pair.student.channel() as students:
        pair.student.post("/api/student-status", {"room": "카페", "isLearning": True})
        update = tutors.until(type="student_status_update")
        assert (update["studentEmail"], update["room"], update["isLearning"]) == (pair.student.email, "카페", True)
        [student] = pair.tutor.get("/api/tutor/students")["students"]
        assert (student["online"], student["room"], student["updatedAt"]) == (True, "카페", update["updatedAt"])
        place = (f"TUTOR#{pair.tutor.user_id}", f"STUDENT#{pair.student.user_id}")
        wait_for(lambda: (platform.item(*place) or {}).get("room"), "the status is stored", STORED_SECONDS)

        assert pair.tutor.ask("DELETE", f"/api/tutor/students/{pair.student.email}").status_code == 200
        begin = len(tutors.heard)
        pair.student.post("/api/student-status", {"isLearning": False})
        tutors.barrier()
        assert [one for one in tutors.heard[begin:] if "type" in one] == []
        check_refusal(
            pair.tutor.ask(
                "POST",
                "/api/tutor/feedback",
                json={"studentEmail": pair.student.email, "message": "x", "messageType": "text"},
            ),
            403,
        )
        students.barrier()
        assert not any(one.get("type") == "feedback" for one in students.heard)
    assert pair.tutor.get("/api/tutor/students")["students"] == []
    assert pair.student.get("/api/student/tutors")["tutors"] == []


def test_the_tutors_answer_does_not_wait_for_an_absent_student(pair: Pair) -> None:
    pair.send()
    took = []
    for _ in range(10):
        began = time.perf_counter()
        pair.send()
        took.append(time.perf_counter() - began)
    assert sorted(took)[5] < 0.5


def test_events_are_named_and_end_with_the_sign_in(pair: Pair) -> None:
    listening = Listening(pair.student).start()
    sent = pair.send()
    assert sent["websocketSent"] is False, "only a channel confirms"
    wait_for(lambda: listening.events("feedback"), "the event comes")
    assert sent["feedback_id"] in listening.events("feedback")[0]

    began = time.monotonic()
    pair.student.post("/api/auth/logout", {"refreshToken": pair.student.tokens["refreshToken"]})
    wait_for(lambda: listening.is_over, "it ends", 5)
    assert time.monotonic() - began < 3


def test_events_survive_a_restart_of_every_gateway(pair: Pair, platform: Platform) -> None:
    listening = Listening(pair.student).start()
    sent: list[str] = []
    before = platform.gateways()
    for pid in before:
        for _ in range(5):
            sent.append(send_through_a_restart(pair))
        os.kill(pid, signal.SIGTERM)
        for _ in range(10):
            sent.append(send_through_a_restart(pair))
    wait_for(lambda: platform.has_new_gateways(before), "all gateways are new", 60)
    sent.append(send_through_a_restart(pair))

    def heard() -> list[str]:
        return [data.split('"feedback_id":"')[1].split('"')[0] for data in listening.events("feedback")]

    wait_for(lambda: set(sent) <= set(heard()), "everything is heard")
    listening.is_over = True
    assert len(heard()) == len(set(heard()))
    assert [one for one in heard() if one in sent] == sent
    assert listening.openings > 1
    assert listening.events("resync") == []


def send_through_a_restart(pair: Pair) -> str:
    """Send feedback, again where a gateway went just then; the key makes it one."""
    key = {"Idempotency-Key": f"{time.monotonic_ns()}"}
    body = {"studentEmail": pair.student.email, "message": "Go on", "messageType": "text"}

    def post() -> str | None:
        try:
            answer = pair.tutor.ask("POST", "/api/tutor/feedback", json=body, headers=key)
        except httpx.HTTPError:
            return None
        return str(answer.json()["feedback_id"]) if answer.status_code == 200 else None

    return str(wait_for(post, "it is taken"))


def threads_of(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Threads:")))


def test_a_hundred_listeners_cost_no_thread_and_hold_up_nobody(people: People, platform: Platform) -> None:
    host, port = platform.base.removeprefix("http://").split(":")
    crowd = people.some(20)
    with ExitStack() as stack:
        for person in crowd:
            for _ in range(5):
                line = stack.enter_context(create_connection((host, int(port)), timeout=20))
                token = person.tokens["accessToken"]
                line.sendall(f"GET /api/events?token={token} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                assert line.recv(15).startswith(b"HTTP/1.1 200")
        took = []
        for person in crowd:
            began = time.perf_counter()
            person.get("/api/me")
            took.append(time.perf_counter() - began)
        assert sorted(took)[10] < 0.25
        # gevent's few threads, for names and digests, come when they are needed, and go when they have been idle
        for pid in platform.gateways():
            wait_for(lambda pid=pid: threads_of(pid) == 1, "a gateway is one thread")  # type: ignore[misc]


def test_a_place_that_is_unknown_tells_to_reload(pair: Pair, platform: Platform) -> None:
    listening = Listening(pair.student, last_event_id="1-1")
    listening.start()
    wait_for(lambda: listening.events("resync"), "it is told")
    listening.is_over = True


def test_operators_count_connections(people: People, platform: Platform) -> None:
    check_refusal(people.some(1)[0].ask("GET", "/api/operations/connections"), 403)
    operator = people.fresh()
    platform.cognito.admin_add_user_to_group(
        UserPoolId=platform.state["aws"]["userPoolId"], Username=operator.email, GroupName="operators"
    )
    operator.sign_in()
    with operator.channel():
        counts = operator.get("/api/operations/connections")
    assert counts["total"] == counts["room"] + counts["user"]
    assert {"gatewayId", "heardAt", "room", "user"} == set(counts["gateways"][0])
