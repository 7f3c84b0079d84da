"""Server-sent events on a bus in memory: named, resumed, ended."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.domains.feedback.contract import FeedbackRead
from shared.kernel.topics import session_topic, user_topic
from web.realtime import listeners
from web.realtime.listeners import Listeners


class Listening:
    """One open response."""

    def __init__(self, web: Any, token: str, last_event_id: str | None = None, *, in_address: bool = False) -> None:
        headers = {"Last-Event-ID": last_event_id} if last_event_id and not in_address else {}
        query = {"lastEventId": last_event_id} if last_event_id and in_address else {}
        self.answer = web.client.get("/api/events", query_string={"token": token} | query, headers=headers)
        self._chunks: Iterator[bytes] = iter(self.answer.response)

    def next(self) -> list[dict[str, str]]:
        """Return the events of the next part."""
        blocks = next(self._chunks).decode().strip().split("\n\n")
        return [dict(line.split(": ", 1) for line in block.split("\n") if line) for block in blocks]

    def close(self) -> None:
        self.answer.close()


def publish(web: Any, number: int, user_id: str = "user-1") -> None:
    event = FeedbackRead(feedback_id=f"f{number}", student_email="s@example.com", read_at="now")
    web.context.events.publish(user_topic(user_id), event)


def ids(events: list[dict[str, str]]) -> list[str]:
    return [one["data"].split('"feedback_id":"')[1].split('"')[0] for one in events]


@pytest.fixture
def web(web_with: Callable[..., Any]) -> Any:
    """An application whose comments come at once."""
    made = web_with()
    process = made.app.extensions["realtime"]
    process.listeners = Listeners(process.hub, made.context, comment_seconds=0.01)
    return made


def test_a_push_is_an_event_named_for_its_type(web: Any, student: str) -> None:
    listening = Listening(web, student)
    assert listening.answer.mimetype == "text/event-stream"
    [greeting] = listening.next()
    assert set(greeting) == {"retry", "id"}

    publish(web, 1)
    publish(web, 9, "somebody else")
    publish(web, 2)

    found = listening.next()
    assert [one["event"] for one in found] == ["feedback_read", "feedback_read"]
    assert ids(found) == ["f1", "f2"]
    listening.close()


@pytest.mark.parametrize("in_address", [True, False])
def test_listening_goes_on_where_it_ended(web: Any, student: str, in_address: bool) -> None:
    first = Listening(web, student)
    begin = first.next()[0]["id"]
    first.close()
    publish(web, 1)
    publish(web, 2)

    second = Listening(web, student, begin, in_address=in_address)
    assert "id" not in second.next()[0]
    found = second.next()
    second.close()
    third = Listening(web, student, found[0]["id"], in_address=in_address)
    third.next()

    assert ids(found) == ["f1", "f2"]
    assert ids(third.next()) == ["f2"]
    third.close()


def test_an_unknown_place_tells_to_reload_and_goes_on(web: Any, student: str) -> None:
    listening = Listening(web, student, "77-0")

    [greeting] = listening.next()
    publish(web, 1)

    assert (greeting["event"], greeting["data"]) == ("resync", '{"type":"resync"}')
    assert ids(listening.next()) == ["f1"]
    listening.close()


def test_a_comment_comes_where_nothing_else_does(web: Any, student: str) -> None:
    listening = Listening(web, student)
    listening.next()

    assert next(listening._chunks) == listeners.COMMENT
    listening.close()


def test_signing_out_ends_it_and_only_that_sign_in(web: Any, student: str) -> None:
    other = web.login()["accessToken"]
    mine, others = Listening(web, student), Listening(web, other)
    mine.next(), others.next()

    web.context.events.close(session_topic("user-1"), 4401, session_id="session-1")

    assert list(mine._chunks) == []
    publish(web, 1)
    assert ids(others.next()) == ["f1"]
    others.close()


def test_a_signed_out_token_and_a_bad_one_open_nothing(web: Any, student: str) -> None:
    web.context.revocations.revoke("session-1", until=9_999_999_999)

    assert Listening(web, student).answer.status_code == 401
    assert Listening(web, "nonsense").answer.status_code == 401
    assert web.call("GET", "/api/me", query_string={"token": student}).status_code == 401


def until_told(listening: Listening, what: bytes) -> None:
    """Read on until a part comes; fail where it does not soon."""
    for _ in range(200):
        if next(listening._chunks) == what:
            return
    raise AssertionError(f"{what!r} never came")


def test_the_earliest_beyond_five_waits_for_its_turn_and_misses_nothing(web: Any, student: str) -> None:
    open_now = [Listening(web, student) for _ in range(listeners.TOLD_AT_ONCE + 1)]
    for one in open_now:
        one.next()
    until_told(open_now[0], listeners.PAUSED)
    publish(web, 1)
    assert all(ids(one.next()) == ["f1"] for one in open_now[1:])
    assert next(open_now[0]._chunks) == listeners.COMMENT

    open_now[3].close()
    heard = b""
    while b"f1" not in heard:
        heard = next(open_now[0]._chunks)
        assert heard == listeners.COMMENT or b"f1" in heard
    for one in open_now:
        one.close()


def test_beyond_all_bounds_a_browser_is_told_not_to_come_again(web: Any, student: str) -> None:
    open_now = [Listening(web, student) for _ in range(listeners.MOST_OPEN)]

    assert Listening(web, student).answer.status_code == 204
    open_now.pop().close()
    open_now.append(Listening(web, student))
    assert open_now[-1].answer.status_code == 200
    for one in open_now:
        one.close()
    assert web.context.bus.listeners["user-1"] == set()


@pytest.mark.parametrize("place", ["99999999999999999999-0", "١-0", "1-0-0", "x" * 100, "\x00"])
def test_no_last_event_id_breaks_it(web: Any, student: str, place: str) -> None:
    listening = Listening(web, student, place, in_address=True)

    assert listening.next()[0]["event"] == "resync"
    listening.close()


def test_a_process_that_stops_ends_all_and_takes_no_more(web: Any, student: str) -> None:
    process = web.app.extensions["realtime"]
    before = Listening(web, student)
    before.next()

    process.listeners.stop()
    after = Listening(web, student)
    after.next()

    assert list(before._chunks) == list(after._chunks) == []
    before.close()
    after.close()
    assert user_topic("user-1") not in process.hub.subscription.topics
