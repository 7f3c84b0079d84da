"""The hub: topics that come and go, order, gaps, and fan-outs that give way."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from shared.kernel.errors import Unavailable
from shared.kernel.wire import pack_close, pack_push
from web.realtime import feed as feeds
from web.realtime.feed import Feed, Mark
from web.realtime.hub import Hub
from web.realtime.sockets.port import Connection, Frame

ROOM = "room:r1"
DEADLINE = 60.0


class Line:
    """A connection that keeps what it is sent."""

    closed = False
    queued = 0
    heard_at = 0.0

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.code: int | None = None

    def send(self, frame: Frame) -> None:
        self.heard.append(frame.payload)

    def close(self, code: int, reason: str = "") -> None:
        self.code = code


class Person:
    """A member of the hub."""

    is_channel = False

    def __init__(self, user_id: str = "u") -> None:
        self.user_id = user_id
        self.line = Line()
        self.connection: Connection = self.line

    @property
    def heard(self) -> list[bytes]:
        return self.line.heard

    def matches(self, only: dict[str, str]) -> bool:
        return only.get("user_id", self.user_id) == self.user_id


class Topics:
    """A subscription that keeps what it is asked."""

    def __init__(self) -> None:
        self.wanted: set[str] = set()
        self.unsubscribed: list[list[str]] = []
        self.is_away = False

    def subscribe(self, topics: Iterable[str]) -> None:
        if self.is_away:
            raise Unavailable("away", "away")
        self.wanted |= set(topics)

    def unsubscribe(self, topics: Iterable[str]) -> None:
        left = list(topics)
        self.unsubscribed.append(left)
        self.wanted -= set(left)


class History:
    """What the room's log would say, behind a gate."""

    def __init__(self) -> None:
        self.hub: Hub
        self.messages: list[int] = []
        self.reads = 0
        self.failures = 0
        self.is_open = threading.Event()
        self.is_open.set()

    def catch_up(self, feed: Feed) -> None:
        self.reads += 1
        known = list(self.messages)
        assert self.is_open.wait(DEADLINE)
        if self.failures:
            self.failures -= 1
            raise Unavailable("away", "away")
        for seq in known:
            self.hub.deliver_missed(feed, seq, b"%d" % seq)


@pytest.fixture
def history() -> History:
    return History()


@pytest.fixture
def topics() -> Topics:
    return Topics()


@pytest.fixture
def hub(history: History, topics: Topics) -> Hub:
    made = Hub(history.catch_up, most_idle=10)
    made.subscription = topics
    history.hub = made
    return made


def message(seq: int, epoch: str = "e") -> bytes:
    return b"m %s %d\n%d" % (epoch.encode(), seq, seq)


def numbers(*seqs: int) -> list[bytes]:
    return [b"%d" % seq for seq in seqs]


def until(condition: object) -> None:
    assert callable(condition)
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


@contextmanager
def at_rest(feed: Feed) -> Iterator[None]:
    yield
    until(lambda: not feed.is_catching_up)


def test_everybody_hears_what_is_said_once_and_in_order(hub: Hub) -> None:
    people = [Person(), Person(), Person()]
    for person in people:
        hub.join(ROOM, person)
    for seq in (1, 2, 2, 1, 3):
        hub.handle(ROOM, message(seq))

    assert [person.heard for person in people] == [numbers(1, 2, 3)] * 3


def test_a_push_may_leave_out_one_user(hub: Hub) -> None:
    ann, ben = Person("ann"), Person("ben")
    hub.join(ROOM, ann)
    hub.join(ROOM, ben, hold=True)
    hub.handle(ROOM, pack_push(b"typing", "ann"))
    hub.handle(ROOM, pack_push(b"more", "ben"))
    feed = hub.join(ROOM, Person("other"))
    feed.release(ben)

    assert (ann.heard, ben.heard) == ([b"more"], [b"typing"])


def test_a_gap_is_noticed_and_filled_from_history_once(hub: Hub, history: History) -> None:
    person = Person()
    feed = hub.join(ROOM, person)
    hub.handle(ROOM, message(1))
    history.messages = [2, 3, 4]
    history.is_open.clear()
    for seq in (4, 5, 6, 7):
        hub.handle(ROOM, message(seq))
    until(lambda: history.reads == 1)
    history.messages = [2, 3, 4, 5, 6, 7]
    history.is_open.set()
    with at_rest(feed):
        until(lambda: len(person.heard) == 7)
    hub.handle(ROOM, message(8))

    assert person.heard == numbers(*range(1, 9))
    assert history.reads == 2


def test_what_comes_while_the_history_is_read_is_not_lost(hub: Hub, history: History) -> None:
    person = Person()
    feed = hub.join(ROOM, person)
    hub.handle(ROOM, message(1))
    history.messages = [2]
    history.is_open.clear()
    hub.handle(ROOM, message(3))
    until(lambda: history.reads == 1)
    history.messages = [2, 3, 4]
    hub.handle(ROOM, message(4))
    with at_rest(feed):
        history.is_open.set()
        until(lambda: len(person.heard) == 4)

    assert person.heard == numbers(1, 2, 3, 4)


def test_catching_up_goes_on_when_the_log_answers_again(hub: Hub, history: History) -> None:
    person = Person()
    feed = hub.join(ROOM, person)
    hub.handle(ROOM, message(1))
    history.messages, history.failures = [2, 3], 2
    hub.handle(ROOM, message(3))
    with at_rest(feed):
        until(lambda: len(person.heard) == 3)

    assert history.reads == 3


def test_after_the_bus_was_away_rooms_with_members_catch_up_and_others_forget_their_place(
    hub: Hub, history: History
) -> None:
    person, gone = Person(), Person()
    feed, left = hub.join(ROOM, person), hub.join("room:r2", gone)
    hub.handle(ROOM, message(1))
    hub.handle("room:r2", message(5))
    hub.leave("room:r2", gone)
    history.messages = [2]
    with at_rest(feed):
        hub.reconnected()
        until(lambda: len(person.heard) == 2)

    assert (left.epoch, history.reads) == (None, 1)
    assert hub.join("room:r2", gone) is left


def test_a_gap_where_nobody_listens_costs_no_read(hub: Hub, history: History) -> None:
    person = Person()
    feed = hub.join(ROOM, person)
    hub.handle(ROOM, message(1))
    hub.leave(ROOM, person)
    hub.handle(ROOM, message(9))

    assert (feed.epoch, feed.is_catching_up, history.reads) == (None, False, 0)


@pytest.mark.parametrize(("idle_seconds", "left"), [(3_600.0, []), (0.0, [["room:0", "room:2"]])])
def test_a_room_is_left_a_while_after_its_last_member(
    history: History, topics: Topics, idle_seconds: float, left: list[list[str]]
) -> None:
    hub, person = Hub(history.catch_up, idle_seconds=idle_seconds), Person()
    hub.subscription = topics
    for number in range(3):
        hub.join(f"room:{number}", person)
        hub.handle(f"room:{number}", message(1))
        hub.leave(f"room:{number}", person)
    hub.join("room:1", person)
    assert topics.wanted == {"room:0", "room:1", "room:2"}
    hub.sweep()

    assert topics.unsubscribed == left
    assert person.heard == numbers(1, 1, 1)


def test_a_topic_without_a_sequence_is_left_at_once(hub: Hub, topics: Topics) -> None:
    person = Person()
    hub.join("user:u", person)
    hub.leave("user:u", person)

    assert topics.unsubscribed == [["user:u"]]


def test_rooms_that_nobody_listens_to_are_bounded(hub: Hub, topics: Topics) -> None:
    person = Person()
    for number in range(35):
        hub.join(f"room:{number}", person)
        hub.handle(f"room:{number}", message(1))
        hub.leave(f"room:{number}", person)
        assert len(topics.wanted) <= 11

    assert all(len(left) == 5 for left in topics.unsubscribed)


def test_whoever_cannot_subscribe_is_no_member(hub: Hub, topics: Topics) -> None:
    topics.is_away = True
    with pytest.raises(Unavailable):
        hub.join(ROOM, Person())

    assert topics.unsubscribed == [[ROOM]]


@pytest.fixture
def crowd(hub: Hub) -> list[Person]:
    people = [Person(f"u{number}") for number in range(feeds.MANY)]
    for person in people:
        hub.join(ROOM, person)
    return people


class Interrupting(Line):
    """A connection that does something when it is sent its first frame."""

    def __init__(self, what: object) -> None:
        super().__init__()
        assert callable(what)
        self._what = what

    def send(self, frame: Frame) -> None:
        first = not self.heard
        super().send(frame)
        if first:
            self._what()


def test_a_push_to_many_comes_before_what_is_pushed_while_it_gives_way(hub: Hub, crowd: list[Person]) -> None:
    feed = hub.join(ROOM, crowd[0])
    crowd[250].connection = crowd[250].line = Interrupting(lambda: feed.push(b"2", seq=2))
    hub.handle(ROOM, message(1))

    assert all(person.heard == numbers(1, 2) for person in crowd)
    assert not feed.is_pushing


def test_who_resumes_leaves_or_comes_while_a_push_is_under_way(hub: Hub, crowd: list[Person]) -> None:
    feed = hub.join(ROOM, crowd[0])
    newcomer = Person("new")
    served: list[Person] = []

    def interrupt() -> None:
        waiting = [person for person in crowd if person in feed._pending]
        served.extend(waiting[:2])
        feed.hold(waiting[0])
        hub.leave(ROOM, waiting[1])
        hub.join(ROOM, newcomer, hold=True)

    crowd[0].connection = crowd[0].line = Interrupting(interrupt)
    while not served:
        hub.handle(ROOM, message(feed.seq + 1))
    held, left = served
    assert (held.heard, left.heard) == ([], [])

    feed.release(held)
    feed.release(newcomer)
    assert (held.heard, newcomer.heard) == (numbers(1), [])
    assert all(person.heard == numbers(1) for person in crowd if person is not left)


def test_an_order_to_close_closes_whom_it_means(hub: Hub) -> None:
    ann, ben = Person("ann"), Person("ben")
    hub.join(ROOM, ann)
    hub.join(ROOM, ben, hold=True)
    hub.handle(ROOM, pack_push(b"bye", None))
    hub.handle(ROOM, pack_close(4403, "left", {"user_id": "ben"}))

    assert (ann.line.code, ben.line.code, ben.heard) == (None, 4403, [b"bye"])


def test_a_parcel_that_makes_no_sense_changes_nothing(hub: Hub) -> None:
    person = Person()
    hub.join(ROOM, person)
    hub.handle(ROOM, b"what?")
    hub.handle("room:unknown", message(1))

    assert person.heard == []


def test_what_the_log_told_already_is_not_pushed_when_the_bus_brings_it_late(hub: Hub) -> None:
    ann, ben = Person("ann"), Person("ben")
    feed = hub.join(ROOM, ann)
    hub.join(ROOM, ben)
    hub.handle(ROOM, message(1))
    feed.hold(ben)
    hub.handle(ROOM, message(2))
    feed.release(ben, Mark("e", 4))  # the log had 2, 3 and 4 by then; the bus has brought 2
    assert ben.heard == numbers(1)
    hub.handle(ROOM, message(3))
    hub.handle(ROOM, pack_push(b"typing", "ann"))
    for seq in (4, 5, 6):
        hub.handle(ROOM, message(seq))

    assert ben.heard == [*numbers(1), b"typing", *numbers(5, 6)]
    assert ann.heard == numbers(*range(1, 7))
    assert ben in feed.members


def test_so_it_is_where_the_bus_was_away_and_the_history_brings_it(hub: Hub, history: History) -> None:
    ann, ben = Person("ann"), Person("ben")
    feed = hub.join(ROOM, ann)
    hub.join(ROOM, ben)
    hub.handle(ROOM, message(1))
    feed.hold(ben)
    feed.release(ben, Mark("e", 3))
    history.messages = [2, 3, 4]
    with at_rest(feed):
        hub.handle(ROOM, message(4))
        until(lambda: len(ann.heard) == 4)

    assert ben.heard == numbers(1, 4)


def test_whoever_resumes_twice_is_told_nothing_twice(hub: Hub) -> None:
    ben = Person("ben")
    feed = hub.join(ROOM, ben)
    hub.handle(ROOM, message(1))
    feed.hold(ben)
    feed.release(ben, Mark("e", 3))
    feed.hold(ben)
    hub.handle(ROOM, message(2))
    feed.release(ben)  # the second time the log did not answer
    hub.handle(ROOM, message(3))
    hub.handle(ROOM, message(4))

    assert ben.heard == numbers(1, 4)


def test_in_a_new_epoch_nothing_was_told_yet(hub: Hub) -> None:
    ben, other = Person("ben"), Person()
    feed = hub.join(ROOM, ben)
    hub.join(ROOM, other)
    hub.handle(ROOM, message(1))
    feed.hold(ben)
    feed.release(ben, Mark("e", 9))
    hub.handle(ROOM, b"r f 4\nagain")
    hub.handle(ROOM, message(5, "f"))

    assert ben.heard == other.heard == [b"1", b"again", b"5"]


def test_the_log_may_know_the_new_epoch_before_the_bus_tells(hub: Hub) -> None:
    ben = Person("ben")
    feed = hub.join(ROOM, ben)
    hub.handle(ROOM, message(1))
    feed.hold(ben)
    feed.release(ben, Mark("f", 6))
    hub.handle(ROOM, b"r f 4\nagain")
    for seq in (5, 6, 7):
        hub.handle(ROOM, message(seq, "f"))

    assert ben.heard == [b"1", b"again", b"7"]


class Waiting:
    """Something of this process that waits, and may fail."""

    def __init__(self, *, fails: bool = False) -> None:
        self.heard: list[bytes] = []
        self.fails = fails

    def push(self, payload: bytes) -> None:
        if self.fails:
            raise ValueError("unreadable")
        self.heard.append(payload)


class ClosableWaiting(Waiting):
    """One that an order to close may mean."""

    code = 0

    def matches(self, only: dict[str, str]) -> bool:
        return only.get("session_id") == "mine"

    def close(self, code: int, reason: str = "") -> None:
        self.code = code


def test_what_waits_in_this_process_is_told_without_a_frame_and_fails_alone(hub: Hub) -> None:
    broken, waiting, closable, person = Waiting(fails=True), Waiting(), ClosableWaiting(), Person()
    for one in (broken, waiting, closable):
        hub.wait("user:u", one)
    hub.handle("user:u", pack_push(b"alone", None))
    hub.join("user:u", person)
    hub.handle("user:u", pack_push(b"both", None))
    hub.handle("user:u", pack_close(4401, "out", {"session_id": "other"}))
    hub.handle("user:u", pack_close(4401, "out", {"session_id": "mine"}))

    assert waiting.heard == closable.heard == [b"alone", b"both"]
    assert person.heard == [b"both"]
    assert closable.code == 4401
