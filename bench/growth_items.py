"""Items by the hundred and by the ten thousand: made by the product's own stores, written 25 a call."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from shared.adapters.dynamodb.accounts import DynamoAccounts
from shared.adapters.dynamodb.conversations import DynamoConversations
from shared.adapters.dynamodb.dead_letters import DynamoLetters
from shared.adapters.dynamodb.feedback import DynamoFeedback
from shared.adapters.dynamodb.graphs import DynamoGraphs
from shared.adapters.dynamodb.messages import DynamoMessages
from shared.adapters.dynamodb.notebook import DynamoNotebook
from shared.adapters.dynamodb.notifications import DynamoNotifications
from shared.adapters.dynamodb.practice import DynamoSessions
from shared.adapters.dynamodb.results import DynamoResults
from shared.adapters.dynamodb.rooms import DynamoRooms
from shared.adapters.dynamodb.sign_ins import DynamoSignIns
from shared.adapters.dynamodb.table import Delete, Item, Put, Table, Update, Write
from shared.adapters.dynamodb.tutoring import DynamoTutoring
from shared.adapters.system import SystemClock
from shared.domains.accounts.models import Account, Role, SignIn
from shared.domains.conversations.models import Conversation, Scene, Turn
from shared.domains.dead_letters.models import DeadLetter, Death, LetterState
from shared.domains.feedback.models import Feedback, FeedbackType
from shared.domains.graphs.models import Graph, GraphStatus, Source
from shared.domains.messages.models import Message, MessageType
from shared.domains.notebook.models import Card, MistakeKind, NotebookEntry
from shared.domains.notifications.models import Notification, NotificationType, Wording
from shared.domains.practice.models import LearningSession, Pronunciation, PronunciationResult, SessionType
from shared.domains.rooms.models import Member, Room
from shared.domains.tutoring.models import TutorRequest
from shared.kernel.levels import LEVELS

AT_ONCE = 500
TEXT = "I went to the park with my sister, and we had a picnic under the old trees."


class Filling(Table):
    """A table whose whole items are written many at a time and without conditions; changes of items are left out.

    What stores make of a value is then in the table as they would have made it, at a hundredth of the calls.
    """

    def __init__(self, table: Table) -> None:
        """Write to this table."""
        self.real = table
        self.name = table.name
        self._waiting: list[Put] = []

    def write(self, write: Write, *, want: str = "NONE") -> Item:
        """Keep a whole item, or a change that makes one, for the next call, and return it."""
        item: Item = {}
        if isinstance(write, Put):
            item = write.item
        elif isinstance(write, Update) and write.put_if_absent:
            item = {"PK": write.pk, "SK": write.sk, **write.put_if_absent, **write.put}
        if item:
            self._waiting.append(Put(item))
        if len(self._waiting) >= AT_ONCE:
            self.flush()
        return item

    def transact(self, writes: list[Write], *, token: str | None = None) -> None:
        """Keep the whole items of a transaction."""
        for write in writes:
            self.write(write)

    def batch_write(self, writes: Iterable[Put | Delete]) -> None:
        """Keep what a store writes as a batch."""
        for write in writes:
            self.write(write)

    def flush(self) -> None:
        """Write what waits."""
        self.real.batch_write(self._waiting)
        self._waiting = []


@contextmanager
def filling(table: Table) -> Iterator[Filling]:
    """Give a table to fill, all of whose items are written at the end."""
    made = Filling(table)
    yield made
    made.flush()


def moment(number: int) -> str:
    """Return the timestamp of the n-th item: a second each, in the past."""
    days, seconds = divmod(number, 86_400)
    hours, seconds = divmod(seconds, 3600)
    return f"2026-01-{1 + days:02d}T{hours:02d}:{seconds // 60:02d}:{seconds % 60:02d}.000000Z"


def _id() -> str:
    return str(uuid.uuid4())


class Person(dict[str, str]):
    """Somebody who is signed in: userId, email, and what was made for them by name."""


def rooms(into: Filling, me: Person, numbers: range) -> None:
    """Make rooms, of which one has all the messages."""
    for number in numbers:
        at, level = moment(number), tuple(LEVELS)[number % 3]
        own = me["userId"]
        room = Room(
            room_id=_id(), name=f"Room {number}", level=level, max_members=6, created_by=own,
            member_ids=frozenset({own}), created_at=at, last_message_at=at,
        )  # fmt: skip
        DynamoRooms(into).add(room, Member(room_id=room.room_id, user_id=own, name="Me", joined_at=at))
        me["roomId"] = room.room_id


def messages(into: Filling, me: Person, numbers: range) -> None:
    """Make messages of the person's last room."""
    for number in numbers:
        one = Message(
            message_id=_id(), room_id=me["roomId"], user_id=me["userId"], content=TEXT, seq=number + 1, epoch="e",
            message_type=MessageType.TEXT, created_at=moment(number),
        )  # fmt: skip
        DynamoMessages(into).add_all([one])


def notifications(into: Filling, me: Person, numbers: range) -> None:
    """Make unread notifications."""
    for number in numbers:
        told = Wording(en="A new request", ko="새로운 매칭 요청")
        one = Notification(
            notification_id=_id(), user_id=me["userId"], type=NotificationType.TUTOR_MATCH, title=told, message=told,
            created_at=moment(number),
        )  # fmt: skip
        DynamoNotifications(into).add(one)
        me["notificationId"] = one.notification_id


def conversations(into: Filling, me: Person, numbers: range) -> None:
    """Make conversations with the partner."""
    scene = Scene(level=LEVELS[0], topic="travel", role="a friend", situation="At the station.")
    for number in numbers:
        one = Conversation(
            conversation_id=_id(), user_id=me["userId"], scene=scene, started_at=moment(number), turn_count=1_000_000
        )
        DynamoConversations(into).add(one)
        me["conversationId"] = one.conversation_id


def turns(into: Filling, me: Person, numbers: range) -> None:
    """Make turns of the person's last conversation."""
    for number in numbers:
        at = moment(number)
        one = Turn(
            conversation_id=me["conversationId"], number=number + 1, turn_id=_id(), request_id=_id(), sent_at=at,
            user_id=me["userId"], user_message=TEXT, ai_message=TEXT, answered_at=at,
        )  # fmt: skip
        DynamoConversations(into).add_turn(one)


def results(into: Filling, me: Person, numbers: range) -> None:
    """Make results of sentences that were said."""
    scored = Pronunciation(
        words=[], overall=81.0, word_accuracy=80.0, completeness=100.0, fluency=75.0, confidence=0.9, heard=TEXT,
        duration_ms=4000,
    )  # fmt: skip
    for number in numbers:
        one = PronunciationResult(
            result_id=_id(), user_id=me["userId"], original_text=TEXT, transcribed_text=TEXT, scored=scored,
            created_at=moment(number),
        )  # fmt: skip
        DynamoResults(into).add(one)
        me["resultId"] = one.result_id


def notebook(into: Filling, me: Person, numbers: range) -> None:
    """Make entries of the notebook that are due."""
    for number in numbers:
        at = moment(number)
        one = NotebookEntry(
            entry_id=_id(), user_id=me["userId"], kind=MistakeKind.CORRECTION, said=TEXT, better=f"{TEXT} {number}",
            source="turn", count=1, card=Card(stability=1.0, difficulty=5.0, reviewed_at=at), due_at=at, created_at=at,
            updated_at=at,
        )  # fmt: skip
        DynamoNotebook(into).put(one, instead_of=None)


def sessions(into: Filling, me: Person, numbers: range) -> None:
    """Make learning sessions that have ended."""
    for number in numbers:
        at = moment(number)
        one = LearningSession(
            session_id=_id(), user_id=me["userId"], sign_in=_id(), session_type=SessionType.PRACTICE, start_time=at,
            last_activity_at=at, ended_at=at, duration=600,
        )  # fmt: skip
        DynamoSessions(into).add(one)


def sign_ins(into: Filling, me: Person, numbers: range) -> None:
    """Make sign-ins that have not ended."""
    for number in numbers:
        at = f"2026-11-30T{moment(number)[11:]}"
        one = SignIn(
            sign_in_id=_id(), user_id=me["userId"], device=f"Phone {number}", device_digest=_id(), created_at=at,
            last_used_at=at,
        )  # fmt: skip
        DynamoSignIns(into, SystemClock()).add(one)


def graphs(into: Filling, me: Person, numbers: range) -> None:
    """Make graphs that are ready."""
    for number in numbers:
        at = moment(number)
        one = Graph(
            graph_id=_id(), user_id=me["userId"], job_id=_id(), name=f"Map {number}", source=Source.ME,
            status=GraphStatus.READY, created_at=at, ready_at=at,
        )  # fmt: skip
        DynamoGraphs(into).add(one)


def feedback(into: Filling, me: Person, numbers: range) -> None:
    """Make feedback of one tutor that waits for the person, who is away."""
    for number in numbers:
        one = Feedback(
            feedback_id=_id(), tutor_email=me["tutorEmail"], tutor_id=me["tutorId"], student_email=me["email"],
            student_id=me["userId"], message=TEXT, message_type=FeedbackType.TEXT, timestamp=moment(number),
        )  # fmt: skip
        DynamoFeedback(into).keep(one)


def requests(into: Filling, me: Person, numbers: range) -> None:
    """Make requests of many students to the person's tutor."""
    told = Wording(en="A new request", ko="새로운 매칭 요청")
    for number in numbers:
        student = _id()
        one = TutorRequest(
            request_id=_id(), student_email=f"{student}@example.com", student_id=student, tutor_id=me["tutorId"],
            tutor_email=me["tutorEmail"], message=TEXT, created_at=moment(number),
        )  # fmt: skip
        notice = Notification(
            notification_id=_id(), user_id=_id(), type=NotificationType.TUTOR_MATCH, title=told, message=told,
            created_at=moment(number),
        )  # fmt: skip
        DynamoTutoring(into).ask(one, notice)


def tutors(into: Filling, me: Person, numbers: range) -> None:
    """Make tutors who may be found by their names."""
    for number in numbers:
        user_id = _id()
        one = Account(
            user_id=user_id, email=f"{user_id}@example.com", name=f"Teacher {number:06d} Kim", role=Role.TUTOR,
            is_accepting=True, max_students=10, is_confirmed=True, created_at=moment(number),
        )  # fmt: skip
        DynamoAccounts(into).add(one)


def letters(into: Filling, me: Person, numbers: range) -> None:
    """Make open dead letters."""
    store = DynamoLetters(into)
    for number in numbers:
        at = moment(number)
        one = DeadLetter(
            id=_id(), state=LetterState.OPEN, task="messages.store_messages", queue="persistence", death=Death.FAILED,
            error="RuntimeError", fingerprint="f", arguments={}, first_at=at, last_at=at,
        )  # fmt: skip
        store.record(one)
        me["letterId"] = one.id


Fill = Callable[[Filling, Person, range], None]
SHARED: tuple[Fill, ...] = (rooms, tutors, letters)
"""What lies in partitions of everybody: it grows from size to size."""
OWN: tuple[Fill, ...] = (
    messages, notifications, conversations, turns, results, notebook, sessions, sign_ins, graphs, feedback, requests
)  # fmt: skip
"""What lies in partitions of one person: each size has a person of its own."""
