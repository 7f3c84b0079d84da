from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import ValidationError

from shared.adapters.memory.accounts import MemoryUploads
from shared.adapters.memory.feedback import MemoryChannels, MemoryFeedback, MemoryRecentFeedback
from shared.adapters.memory.kernel import CountedIds, MemoryEvents, MemoryJobs, SetClock
from shared.domains.accounts.contract import UpdateAccount
from shared.domains.feedback.contract import FeedbackRead, FeedbackSent, ListFeedback, SendFeedback, StoreFeedback
from shared.domains.feedback.errors import FeedbackNotFound, NotYourStudent, WrongLink
from shared.domains.feedback.models import Feedback, FeedbackType
from shared.domains.feedback.rules import reading, sending, storing
from shared.domains.messages.contract import PostMessage
from shared.domains.rooms.contract import CreateRoom
from shared.domains.turns.contract import AskPartner
from shared.domains.tutoring.contract import RequestTutor
from shared.domains.tutoring.models import TutorStudent
from shared.kernel.errors import Unavailable
from shared.kernel.principal import Principal
from shared.kernel.topics import user_topic
from tests.builders import a_principal

STUDENT, OTHER = a_principal("student"), a_principal("other")
TUTOR = a_principal("tutor", role="tutor")


class Lines:
    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    def info(self, event: str, **fields: Any) -> None:
        self.said.append({"event": event} | fields)

    warning = info


@dataclass
class World:
    clock: SetClock = field(default_factory=SetClock)
    ids: CountedIds = field(default_factory=CountedIds)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    jobs: MemoryJobs = field(default_factory=MemoryJobs)
    stored: MemoryFeedback = field(default_factory=MemoryFeedback)
    recent: MemoryRecentFeedback = field(default_factory=MemoryRecentFeedback)
    channels: MemoryChannels = field(default_factory=MemoryChannels)
    log: Lines = field(default_factory=Lines)
    is_matched: bool = True

    def owner(self, email: str) -> str | None:
        return {one.email: one.user_id for one in (STUDENT, OTHER, TUTOR)}.get(email)

    def relation(self, tutor_id: str, student_id: str) -> TutorStudent | None:
        if not self.is_matched or (tutor_id, student_id) != ("tutor", "student"):
            return None
        return TutorStudent(
            tutor_email=TUTOR.email,
            tutor_id=tutor_id,
            student_email=STUDENT.email,
            student_id=student_id,
            assigned_at="2026-01-01T00:00:00.000000Z",
            request_id="r1",
        )

    def send(self, by: Principal = TUTOR, feedback_id: str | None = None, **fields: Any) -> FeedbackSent:
        given = {"studentEmail": STUDENT.email, "message": "Good", "messageType": "text"} | fields
        return sending.send_feedback(
            SendFeedback.model_validate(given),
            by,
            feedback_id=feedback_id or self.ids.new(),
            people=self,
            relations=self,
            recent=self.recent,
            channels=self.channels,
            jobs=self.jobs,
            log=self.log,
            clock=self.clock,
            is_own_object=MemoryUploads().owns,
        )

    def work(self) -> None:
        """Run what was queued, twice each, in the opposite order."""
        jobs = [one for one in self.jobs.jobs if isinstance(one, StoreFeedback)]
        self.jobs.jobs.clear()
        for job in [*reversed(jobs), *jobs]:
            storing.store_feedback(job, feedback=self.stored, channels=self.channels, presence=self.channels)

    def read(self, feedback_id: str, by: Principal = STUDENT) -> None:
        reading.read_feedback(
            feedback_id,
            by,
            feedback=self.stored,
            recent=self.recent,
            relations=self,
            events=self.events,
            jobs=self.jobs,
            clock=self.clock,
        )

    def kept(self, feedback_id: str) -> Feedback:
        return self.stored.stored[feedback_id]


@pytest.fixture
def world() -> World:
    return World()


def test_feedback_is_pushed_before_it_is_kept_with_every_field(world: World) -> None:
    world.channels.open.add("student")
    anchor = {"messageId": "m1", "from": 2, "to": 5, "second": 1.5}

    sent = world.send(
        studentEmail="STUDENT@example.com", kind="Praise", messageType="SAY_AGAIN", sessionId="s1", anchor=anchor
    )

    assert sent.wire() == {"feedback_id": "id-1", "websocketSent": True}
    [(user_id, event)] = world.channels.pushed
    assert user_id == "student"
    pushed = event.wire()
    assert pushed == {
        "type": "feedback",
        "feedback_id": "id-1",
        "tutor_email": TUTOR.email,
        "tutorEmail": TUTOR.email,
        "student_email": STUDENT.email,
        "message": "Good",
        "message_type": "say_again",
        "session_id": "s1",
        "timestamp": pushed["timestamp"],
        "audio_url": None,
        "kind": "praise",
        "anchor": anchor,
    }
    assert world.stored.stored == {}
    world.work()
    assert world.kept("id-1").websocket_sent
    assert world.log.said == [{"event": "feedback.sent", "feedback_id": "id-1", "websocket_sent": True, "queued": True}]


def test_who_is_away_gets_it_kept_as_not_sent(world: World) -> None:
    assert not world.send().websocket_sent

    world.work()

    assert [one.feedback_id for one in world.stored.undelivered("student")] == ["id-1"]


@pytest.mark.parametrize(("by", "student"), [(TUTOR, OTHER.email), (STUDENT, STUDENT.email)])
def test_only_a_tutor_of_the_student_may_send(world: World, by: Principal, student: str) -> None:
    with pytest.raises(NotYourStudent):
        world.send(by, studentEmail=student)
    world.is_matched = False
    with pytest.raises(NotYourStudent):
        world.send()
    assert world.channels.pushed == []


def test_feedback_that_cannot_be_queued_is_refused_and_safe_to_send_again(world: World) -> None:
    world.jobs.is_away = True
    with pytest.raises(Unavailable):
        world.send(feedback_id="f1")
    assert world.log.said[-1]["queued"] is False
    world.jobs.is_away = False

    world.send(feedback_id="f1")
    world.work()

    first, second = (event.wire()["timestamp"] for _, event in world.channels.pushed)
    assert first == second == world.kept("f1").timestamp


def test_a_late_confirmation_corrects_what_is_kept(world: World) -> None:
    world.channels.open.add("student")
    world.channels.slow.add("student")
    assert not world.send().websocket_sent

    sending.confirm_late("id-1", recent=world.recent, jobs=world.jobs)
    sending.confirm_late("unknown", recent=world.recent, jobs=world.jobs)
    world.work()

    assert world.kept("id-1").websocket_sent
    assert len(world.channels.pushed) == 1


def test_the_storing_job_sees_a_late_confirmation_and_does_not_push_again(world: World) -> None:
    world.channels.open.add("student")
    world.channels.slow.add("student")
    world.send()

    world.work()

    assert world.kept("id-1").websocket_sent
    assert len(world.channels.pushed) == 1


def test_a_student_who_is_back_by_the_time_of_storing_gets_it_then(world: World) -> None:
    world.send()
    world.channels.open.add("student")

    world.work()

    assert world.kept("id-1").websocket_sent
    assert len(world.channels.pushed) == 2


def test_a_push_that_nobody_confirms_stays_undelivered(world: World) -> None:
    class Gone(MemoryChannels):
        def push(self, user_id: str, event: Any, *, token: str) -> bool:
            return False

    world.channels = Gone(open={"student"})
    world.send()
    world.work()

    assert not world.kept("id-1").websocket_sent


def test_what_waited_is_noted_as_delivered_once(world: World) -> None:
    for _ in range(2):
        world.send()
    world.work()
    waiting = world.stored.undelivered("student")

    storing.deliver_waiting(waiting, channels=world.channels, jobs=world.jobs)
    storing.deliver_waiting([], channels=world.channels, jobs=world.jobs)
    [job] = world.jobs.jobs
    assert isinstance(job, StoreFeedback)
    world.work()

    assert world.stored.undelivered("student") == []
    assert world.channels.taken == {"id-1", "id-2"}


def test_reading_tells_the_tutor_once_and_is_kept(world: World) -> None:
    world.send()
    world.read("id-1")
    world.read("id-1")
    world.work()

    [(topic, event, _)] = world.events.published
    assert isinstance(event, FeedbackRead)
    assert (topic, event.feedback_id) == (user_topic("tutor"), "id-1")
    assert (world.kept("id-1").read_at, world.kept("id-1").websocket_sent) == (event.read_at, True)


def test_reading_works_when_redis_forgot_it_and_when_the_table_has_it_not_yet(world: World) -> None:
    world.send()
    world.work()
    world.recent.lose_memory()

    world.read("id-1")

    assert len(world.events.published) == 1


def test_only_the_student_reads_it(world: World) -> None:
    world.send()

    for feedback_id, by in (("id-1", OTHER), ("id-1", TUTOR), ("unknown", STUDENT)):
        with pytest.raises(FeedbackNotFound):
            world.read(feedback_id, by)
    assert world.events.published == []


def test_a_tutor_whose_relation_ended_is_not_told_that_it_was_read(world: World) -> None:
    world.send()
    world.is_matched = False

    world.read("id-1")

    assert world.events.published == []
    world.work()
    assert world.kept("id-1").read_at is not None


def test_the_history_is_the_same_for_both_newest_first(world: World) -> None:
    for number in range(3):
        world.send(message=f"number {number}")
    world.work()

    def listed(by: Principal, other: str, position: Any = None, limit: int = 2) -> tuple[list[str], Any]:
        command = ListFeedback.model_validate({"with": other.upper(), "limit": limit})
        page = reading.list_feedback(
            command, by, position=position, people=world, relations=world, feedback=world.stored
        )
        return [one.message for one in page.items], page.position

    newest, position = listed(TUTOR, STUDENT.email)
    assert newest == listed(STUDENT, TUTOR.email)[0] == ["number 2", "number 1"]
    assert listed(TUTOR, STUDENT.email, position) == (["number 0"], None)
    assert listed(OTHER, TUTOR.email)[0] == []


def test_an_item_of_the_history_has_the_names_that_clients_know(world: World) -> None:
    world.send(audioUrl="https://example.com/a.mp3", messageType="audio")
    world.work()

    page = reading.list_feedback(
        ListFeedback.model_validate({"with": STUDENT.email}),
        TUTOR,
        position=None,
        people=world,
        relations=world,
        feedback=world.stored,
    )

    [item] = [one.wire() for one in page.items]
    assert set(item) == {
        "feedback_id",
        "tutor_email",
        "student_email",
        "message",
        "message_type",
        "audio_url",
        "timestamp",
        "websocket_sent",
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"message": "  "},
        {"message": "x" * 4001},
        {"messageType": "video"},
        {"kind": "scolding"},
        {"anchor": {"from": 3, "to": 2}},
        {"anchor": {"second": -1}},
        {"anchor": {"colour": "red"}},
        {"colour": "red"},
    ],
)
def test_wrong_feedback_is_refused(world: World, fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        world.send(**fields)


def test_a_former_tutor_reads_nothing_and_the_student_keeps_it(world: World) -> None:
    world.send()
    world.work()
    world.is_matched = False

    def listed(by: Principal, other: str) -> int:
        command = ListFeedback.model_validate({"with": other})
        page = reading.list_feedback(command, by, position=None, people=world, relations=world, feedback=world.stored)
        return len(page.items)

    with pytest.raises(NotYourStudent):
        listed(TUTOR, STUDENT.email)
    assert listed(STUDENT, TUTOR.email) == 1
    assert listed(STUDENT, "nobody@example.com") == 0


@pytest.mark.parametrize("words", ["\u200b\u200b", "\u3164", " \u2060 "])
def test_words_that_nobody_sees_are_refused(words: str) -> None:
    with pytest.raises(ValidationError):
        SendFeedback(student_email=STUDENT.email, message=words, message_type=FeedbackType.TEXT)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://example.com/a.mp3",
        "https://user:pass@example.com/a.mp3",
        "https://127.0.0.1/a.mp3",
        "https://[::1]/a.mp3",
        "https://10.1.2.3/a",
        "https://192.168.0.1/a",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/a",
        "https://0x7f.1/a",
        "https://localhost/a",
        "https://router.local/a",
        "https://db.internal/a",
        "https://intranet/a",
        "https://example.com:99999/a",
        "https://exa mple.com/a",
        "https://example.com\\@evil.example/a",
        "https://ex\u0430mple.com/a",
        "//example.com/a",
        "https://",
        "x",
    ],
)
def test_a_link_that_no_page_should_open_is_refused(world: World, link: str) -> None:
    with pytest.raises(WrongLink):
        world.send(audioUrl=link)
    assert world.jobs.jobs == []


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/a.mp3?x=1#t",
        "https://cdn.example.co.kr:8443/a",
        "https://bucket.example/user-audio/x?signed",
    ],
)
def test_a_public_link_and_a_recording_of_ours_are_taken(world: World, link: str) -> None:
    world.send(audioUrl=link)
    assert world.jobs.jobs


@pytest.mark.parametrize("words", ["\u200b", " \u2060\ufeff ", "\u3164", "\u202e", "\x1b\x07"])
def test_words_of_which_nothing_can_be_seen_are_refused_everywhere(words: str) -> None:
    for contract, fields in (
        (SendFeedback, {"studentEmail": "a@example.com", "messageType": "text", "message": words}),
        (PostMessage, {"action": "sendMessage", "roomId": "r", "content": words}),
        (AskPartner, {"action": "sendMessage", "requestId": "r", "message": words}),
        (CreateRoom, {"name": words, "level": "beginner"}),
        (RequestTutor, {"message": words}),
        (UpdateAccount, {"name": words}),
    ):
        with pytest.raises(ValidationError):
            contract.model_validate(fields)
