"""Who is typing is told by the short way what the long way tells, to the same people and in the same order."""

from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from structlog.testing import capture_logs

from shared.catalogue import ROOM_COMMANDS
from shared.domains.connections.models import ConnectionKind
from shared.domains.messages.contract import ShowTyping, TypingShown
from shared.kernel.errors import DomainError, Invalid, Unavailable
from tests.web.realtime.short_scene import ALLOWED, ROOM, USER, Line, Way, fields_of, read_by, session_on
from web.realtime.dispatch import ACTIONS
from web.realtime.feed import Feed
from web.realtime.frames import parse_command, parse_object
from web.realtime.short_ways import TYPING, typing_payload
from web.realtime.sockets.port import Taken

FRAME = b'{"action":"typing","requestId":"q","isTyping":true}'
STOPPED = b'{"action":"typing","isTyping":false}'
WORDS = b'{"action":"sendMessage","requestId":"q","roomId":"r1","content":"typing"}'
COMMANDS = ACTIONS[ConnectionKind.ROOM].commands

words = some.text(some.characters(codec="utf-8"), max_size=12)
odd = some.none() | some.booleans() | some.integers(-1, 2) | some.lists(words, max_size=1) | words
lengths = some.sampled_from([0, 1, 127, 128, 129])
fields = some.fixed_dictionaries(
    {"action": some.sampled_from(["typing", "typing", "typing", "typing ", "presence"])},
    optional={
        "isTyping": some.booleans() | some.booleans() | odd | some.sampled_from(["true", "off", "1", 1.0, 0.5]),
        "requestId": odd | words | lengths.map(lambda size: "가" * size),
        "userId": some.sampled_from([USER, USER, "u2"]) | odd,
        "unknown": odd,
        "is_typing": some.booleans(),
    },
)


def judged(frame: bytes) -> ShowTyping | DomainError:
    """Return what the long way makes of a frame."""
    try:
        command = parse_command(parse_object(frame, is_text=True), COMMANDS, USER)
    except DomainError as problem:
        return problem
    return command if isinstance(command, ShowTyping) else Invalid("another action", "")


def shown(frame: bytes) -> bool | None:
    """Return what the short way makes of a frame."""
    fields = fields_of(frame, "typing")
    return read_by(TYPING, fields) if fields is not None else None


@given(fields=fields)
@example(fields={"action": "typing", "isTyping": True, "userId": None})
@example(fields={"action": "typing", "isTyping": False, "requestId": None})
@example(fields={"action": "typing", "isTyping": 1})
@example(fields={"action": "typing", "isTyping": True, "requestId": "q" * 128, "userId": USER})
def test_both_ways_judge_alike_who_is_typing(fields: dict[str, Any]) -> None:
    frame = orjson.dumps(fields)
    short, long = shown(frame), judged(frame)

    if short is not None:
        assert isinstance(long, ShowTyping)
        assert long.is_typing is short
    elif isinstance(long, ShowTyping):
        # Correct all the same: only what is written in an unusual way takes the long way.
        assert None in fields.values() or type(fields["isTyping"]) is not bool


@pytest.mark.parametrize("frame", [b"", b"\xff", b'"typing"', b'["typing"]', b'{"action":"typing"', b'{"typing":true}'])
def test_what_is_no_object_is_left(frame: bytes) -> None:
    assert shown(frame) is None


def test_a_frame_beyond_the_limit_is_left() -> None:
    assert shown(FRAME + b" " * 65_536) is None


def test_the_short_way_ends_at_an_action_that_rooms_have() -> None:
    assert ShowTyping in ROOM_COMMANDS


@given(user_id=words, is_typing=some.booleans())
def test_the_payload_is_that_of_the_event(user_id: str, is_typing: bool) -> None:
    assert typing_payload(user_id, is_typing) == orjson.dumps(TypingShown(user_id=user_id, is_typing=is_typing).wire())


class Log:
    """The room log's ways that do not wait, whose answers the test gives; it keeps the order of what it was given."""

    def __init__(self) -> None:
        self.is_running = True
        self.given: list[Any] = []
        self.told: list[Any] = []

    def post_soon(self, draft: Any, *, is_verified: bool, told: Any) -> bool:
        return self._take(draft.content, told)

    def push_soon(self, room_id: str, payload: bytes, *, except_user: str, told: Any) -> bool:
        return self._take((room_id, orjson.loads(payload), except_user), told)

    def _take(self, what: Any, told: Any) -> bool:
        if self.is_running:
            self.given.append(what)
            self.told.append(told)
        return self.is_running


class Events:
    """The bus of the long way."""

    def __init__(self) -> None:
        self.published: list[Any] = []

    def publish(self, topic: str, event: Any, *, except_user: str | None = None) -> None:
        self.published.append((topic, event, except_user))


class Scene:
    """A session in a room, between a line and a log."""

    def __init__(self) -> None:
        self.line, self.log, self.events, self.way = Line(), Log(), Events(), Way()
        self.session = session_on(self.line, ConnectionKind.ROOM, {"room_log": self.log, "events": self.events})

    def take(self, frame: bytes = FRAME) -> Taken:
        return self.session.received_in_hub(frame, self.way)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_the_others_are_told_and_the_typer_is_not_answered(scene: Scene) -> None:
    assert scene.take() is Taken.SOON
    assert scene.way.back == []
    scene.log.told[0](2)
    assert scene.take(STOPPED) is Taken.SOON
    scene.log.told[1](0)

    shown = [{"type": "typing", "userId": USER, "isTyping": is_typing} for is_typing in (True, False)]
    assert scene.log.given == [(ROOM, one, USER) for one in shown]
    assert scene.way.back == [None, None]
    assert scene.line.heard == []


def test_both_ways_tell_the_same_of_the_same(scene: Scene) -> None:
    scene.take()
    scene.session.received(FRAME, True)

    [(room_id, payload, except_user)] = scene.log.given
    [(topic, event, except_user_too)] = scene.events.published
    assert (topic, event.wire(), except_user_too) == (f"room:{room_id}", payload, except_user)


def test_who_types_stands_behind_the_words_before(scene: Scene) -> None:
    for frame in (WORDS, FRAME, WORDS):
        assert scene.take(frame) is Taken.SOON

    assert scene.log.given[::2] == ["typing", "typing"]
    assert scene.log.given[1][2] == USER


def test_typing_settles_whether_there_will_be_a_resume(scene: Scene) -> None:
    feed = Feed(f"room:{ROOM}")
    feed.hold(scene.session)
    scene.session.feed = feed
    scene.take()

    assert scene.session in feed.members


def test_a_push_that_is_lost_is_logged_and_not_told(scene: Scene) -> None:
    scene.take()
    with capture_logs() as lines:
        scene.log.told[0](Unavailable("away", "없음", retry_after=1))

    [line] = lines
    assert (line["event"], line["topic"], line["log_level"]) == ("event.lost", "room:r1", "warning")
    assert line["connectionId"] == scene.session.connection_id
    assert scene.way.back == [None]
    assert scene.line.heard == []


def test_what_redis_refuses_goes_the_long_way_and_is_counted_once(scene: Scene) -> None:
    for _ in range(ALLOWED + 1):
        assert scene.take() is Taken.SOON
        scene.log.told.pop()(None)

    assert scene.way.back == [FRAME] * (ALLOWED + 1)


def test_without_a_running_log_typing_goes_the_long_way_and_is_counted_once(scene: Scene) -> None:
    scene.log.is_running = False
    for _ in range(ALLOWED + 1):
        assert scene.take() is Taken.NO
    scene.log.is_running = True

    assert scene.take() is Taken.SOON


def test_typing_and_words_share_one_limit(scene: Scene) -> None:
    for frame in (FRAME, WORDS, STOPPED):
        assert scene.take(frame) is Taken.SOON
    assert scene.take(FRAME) is Taken.NO
    assert scene.take(WORDS) is Taken.NO
    scene.session.received(FRAME, True)

    assert [one["error"] for one in scene.line.heard] == ["RATE_LIMITED"]
    assert len(scene.log.given) == ALLOWED
    assert scene.events.published == []
