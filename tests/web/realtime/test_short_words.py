"""Plain words that take the short way say, and are told, what the long way says and tells."""

from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from shared.catalogue import ROOM_COMMANDS
from shared.domains.connections.models import ConnectionKind
from shared.domains.messages.contract import PostMessage
from shared.domains.messages.models import Author, Draft, MessageType, Posted, Unsettled
from shared.domains.messages.ports import Told
from shared.domains.messages.rules.posting import LONGEST_CONTENT, message_id_of
from shared.kernel.errors import DomainError, Invalid, Unavailable
from tests.builders import a_message
from tests.web.realtime.short_scene import ALLOWED, ROOM, USER, Line, Way, fields_of, read_by, session_on
from web.realtime.dispatch import ACTIONS
from web.realtime.frames import parse_command, parse_object
from web.realtime.short_ways import WORDS, PlainWords
from web.realtime.sockets.port import Taken

FRAME = b'{"action":"sendMessage","requestId":"q","roomId":"r1","content":"Hello"}'
COMMANDS = ACTIONS[ConnectionKind.ROOM].commands

words = some.text(some.characters(codec="utf-8"), max_size=12)
odd = some.none() | some.booleans() | some.integers(-(2**53), 2**53) | some.lists(words, max_size=1) | words
lengths = some.sampled_from([1, 127, 128, 129, LONGEST_CONTENT, LONGEST_CONTENT + 1])
fields = some.fixed_dictionaries(
    {
        "action": some.sampled_from(["sendMessage", "sendMessage", "sendMessage", "typing"]),
        "roomId": some.sampled_from([ROOM, ROOM, ROOM, "r2"]) | odd,
        "content": odd | words | words | lengths.map(lambda size: "가" * size) | some.sampled_from(["", " \n", "\x1c"]),
    },
    optional={
        "requestId": odd | words | lengths.map(lambda size: "q" * size),
        "messageType": some.sampled_from(["TEXT", "TEXT", "IMAGE", "text"]) | odd,
        "key": odd,
        "userId": some.sampled_from([USER, "u2"]),
        "unknown": odd,
        "request_id": words,
    },
)


def judged(frame: bytes) -> PostMessage | DomainError:
    """Return what the long way makes of a frame."""
    try:
        command = parse_command(parse_object(frame, is_text=True), COMMANDS, USER)
    except DomainError as problem:
        return problem
    return command if isinstance(command, PostMessage) else Invalid("another action", "")


def taken(frame: bytes) -> PlainWords | None:
    """Return what the short way makes of a frame."""
    fields = fields_of(frame, "sendMessage")
    return read_by(WORDS, fields) if fields is not None else None


@given(fields=fields)
@example(fields={"action": "sendMessage", "roomId": ROOM, "content": "\x85\u3000"})
@example(fields={"action": "sendMessage", "roomId": ROOM, "content": "\x1f"})
def test_what_is_taken_for_plain_words_is_what_the_contract_makes_of_it(fields: dict[str, Any]) -> None:
    frame = orjson.dumps(fields)
    short, long = taken(frame), judged(frame)

    if short is not None:
        assert isinstance(long, PostMessage)
        assert (long.room_id, long.message_type, long.key) == (ROOM, MessageType.TEXT, None)
        assert (long.content, long.request_id) == short
    elif isinstance(long, PostMessage) and long.room_id == ROOM and long.message_type is MessageType.TEXT:
        # Correct all the same: only what is written in an unusual way takes the long way.
        assert None in fields.values() or "userId" in fields


@pytest.mark.parametrize(
    "frame",
    [b"", b"\xff", b'"sendMessage"', b'["sendMessage"]', b'{"action":"sendMessage"', b'{"sendMessage":"sendMessage"}'],
)
def test_what_is_no_object_is_left(frame: bytes) -> None:
    assert taken(frame) is None


def test_a_frame_beyond_the_limit_is_left() -> None:
    assert taken(FRAME + b" " * 65_536) is None


def test_the_short_way_ends_at_an_action_that_rooms_have() -> None:
    assert PostMessage in ROOM_COMMANDS


class ClosableLine(Line):
    """A connection that also keeps how it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: list[int] = []

    def close(self, code: int, reason: str = "") -> None:
        self.codes.append(code)


class Log:
    """The port's `post_soon`, whose answers the test gives."""

    def __init__(self) -> None:
        self.is_running = True
        self.drafts: list[tuple[Draft, bool]] = []
        self.told: list[Told] = []

    def post_soon(self, draft: Draft, *, is_verified: bool, told: Told) -> bool:
        if self.is_running:
            self.drafts.append((draft, is_verified))
            self.told.append(told)
        return self.is_running


class Outbox:
    """Keeps what it is given to queue."""

    def __init__(self) -> None:
        self.added: list[Any] = []

    def add(self, item: Any, done: Any, request_id: str | None) -> None:
        self.added.append((item, done))


class Scene:
    """A session in a room, between a line and a log."""

    def __init__(self) -> None:
        self.line, self.log, self.outbox, self.way = ClosableLine(), Log(), Outbox(), Way()
        self.session = session_on(self.line, ConnectionKind.ROOM, {"room_log": self.log}, storing=self.outbox)

    def take(self, frame: bytes = FRAME) -> Taken:
        return self.session.received_in_hub(frame, self.way)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_words_are_acknowledged_when_the_queue_has_them(scene: Scene) -> None:
    message = a_message()
    assert scene.take() is Taken.SOON
    assert scene.way.back == []

    scene.log.told[0](Posted(message, is_queued=False))
    assert scene.way.back == [None]
    assert scene.line.heard == []

    [(queued, done)] = scene.outbox.added
    done(None)
    assert queued == message
    acknowledged = {"requestId": "q", "messageId": "m1", "seq": 1, "createdAt": message.created_at}
    assert scene.line.heard == [{"action": "messageAck"} | acknowledged]


def test_the_draft_is_that_of_the_long_way(scene: Scene) -> None:
    scene.take()
    scene.take(b'{"action":"sendMessage","roomId":"r1","content":"Hello"}')

    message_id = message_id_of("q", Author(USER, ROOM), "")
    expected = Draft(message_id, ROOM, USER, "Hello", MessageType.TEXT, None, None)
    [known, new] = scene.log.drafts
    assert known == (expected, False)
    assert new[1]
    assert new[0] == expected._replace(message_id=new[0].message_id)
    assert new[0].message_id != message_id


def test_what_was_queued_before_is_acknowledged_at_once(scene: Scene) -> None:
    scene.take()
    scene.log.told[0](Posted(a_message(), is_queued=True))

    assert [one["action"] for one in scene.line.heard] == ["messageAck"]
    assert scene.outbox.added == []
    assert scene.way.back == [None]


def test_a_log_that_does_not_answer_is_said(scene: Scene) -> None:
    scene.take()
    scene.log.told[0](Unavailable("away", "없음", retry_after=1))

    [refusal] = scene.line.heard
    assert (refusal["action"], refusal["requestId"], refusal["error"]) == ("error", "q", Unavailable.code)
    assert scene.way.back == [None]


@pytest.mark.parametrize("outcome", [Unsettled.NO_EPOCH, Unsettled.UNVERIFIED, None])
def test_what_the_log_cannot_settle_goes_the_long_way_and_is_counted_once(
    scene: Scene, outcome: Unsettled | None
) -> None:
    for _ in range(ALLOWED + 1):
        assert scene.take() is Taken.SOON
        scene.log.told.pop()(outcome)

    assert scene.way.back == [FRAME] * (ALLOWED + 1)
    assert scene.line.heard == []


def test_without_a_running_log_words_go_the_long_way_and_are_counted_once(scene: Scene) -> None:
    scene.log.is_running = False
    for _ in range(ALLOWED + 1):
        assert scene.take() is Taken.NO
    scene.log.is_running = True

    assert scene.take() is Taken.SOON


def test_words_beyond_the_limit_are_refused_in_their_turn(scene: Scene) -> None:
    for _ in range(ALLOWED):
        assert scene.take() is Taken.SOON
    assert scene.take() is Taken.NO
    scene.session.received(FRAME, True)

    assert [one["error"] for one in scene.line.heard] == ["RATE_LIMITED"]
    assert len(scene.log.drafts) == ALLOWED


def test_a_failure_behind_the_answer_ends_this_connection_and_holds_up_nothing(scene: Scene) -> None:
    def fail(_item: Any, _done: Any) -> None:
        raise ValueError("broken")

    scene.outbox.add = fail  # type: ignore[method-assign]
    scene.take()
    scene.log.told[0](Posted(a_message(), is_queued=False))

    assert scene.line.codes == [1011]
    assert len(scene.way.back) == 1
