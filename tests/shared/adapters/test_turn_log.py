"""The port TurnLog, on memory and on Redis: one turn, spoken, stopped and ended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
import redis

from shared.adapters.memory.turns import MemoryPace, MemoryTurnLog
from shared.adapters.redis_grouped import GroupedRedis
from shared.adapters.redis_turns import RedisPace, RedisTurnLog
from shared.domains.turns.models import Answer, Ended, Going, Live
from shared.domains.turns.ports import Pace, TurnLog
from shared.kernel.topics import turn_topic
from shared.kernel.wire import Push, unpack


@dataclass
class World:
    """A log, a pace beside it, and what is heard of the turn "t" by whoever listened from the beginning."""

    log: TurnLog
    pace: Pace
    hear: Callable[[], list[bytes]]


def in_memory() -> World:
    parcels: list[tuple[str, bytes]] = []
    log = MemoryTurnLog(lambda topic, parcel: parcels.append((topic, parcel)))
    return World(log, MemoryPace(), lambda: [parcel for topic, parcel in parcels if topic == turn_topic("t")])


def on_redis(client: redis.Redis, pubsub: Any) -> World:
    grouped = GroupedRedis(client)
    pubsub.subscribe(turn_topic("t"))
    assert pubsub.get_message(timeout=30)["type"] == "subscribe"

    def hear() -> list[bytes]:
        client.publish(turn_topic("t"), b"the end")
        heard: list[bytes] = []
        while not heard or heard[-1] != b"the end":
            message = pubsub.get_message(timeout=30)
            assert message is not None
            heard.append(message["data"])
        return heard[:-1]

    return World(RedisTurnLog(grouped), RedisPace(grouped), hear)


@pytest.fixture(params=["memory", "fakeredis", "valkey"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield in_memory()
        return
    client: redis.Redis = request.getfixturevalue(f"adapter_{request.param}")
    pubsub: Any = client.pubsub()  # type: ignore[no-untyped-call]
    yield on_redis(client, pubsub)
    pubsub.close()


@pytest.fixture
def log(world: World) -> TurnLog:
    return world.log


def an_answer(response: str = "Hello there.", **fields: Any) -> Answer:
    return Answer(conversation_id="c1", response=response, status=Ended.COMPLETED, **fields)


def live(log: TurnLog, turn_id: str = "t") -> Live:
    found = log.read(turn_id)
    assert found is not None
    return found


def test_a_turn_that_nobody_opened_is_not_known(log: TurnLog) -> None:
    assert log.read("t") is None
    assert log.ask_to_stop("t") is None
    log.forget("t")
    assert log.read("t") is None


def test_a_turn_is_opened_once_and_stays_as_it_stands(log: TurnLog) -> None:
    assert log.open("t") == Live(0, []) == live(log)
    begun = log.begin("t")
    log.say("t", begun.run, "Hel")

    assert log.open("t") == Live(begun.run, ["Hel"])
    assert log.read("other") is None


def test_what_a_run_says_is_read_in_order(log: TurnLog) -> None:
    log.open("t")
    begun = log.begin("t")
    assert begun == Live(begun.run, [])
    assert begun.run > 0
    for delta in ("Hel", "lo", "", " there"):
        assert log.say("t", begun.run, delta) is Going.ON

    found = live(log)
    assert found == Live(begun.run, ["Hel", "lo", "", " there"])
    assert found.said == "Hello there"


def test_a_new_run_begins_anew_and_the_one_before_is_over(log: TurnLog) -> None:
    first = log.begin("t")
    log.say("t", first.run, "Once")
    second = log.begin("t")

    assert second.run > first.run
    assert second.deltas == []
    assert log.say("t", first.run, " upon") is Going.OVER
    assert log.say("t", second.run, "Twice") is Going.ON
    assert live(log) == Live(second.run, ["Twice"])


def test_the_first_end_counts(log: TurnLog) -> None:
    run = log.begin("t").run
    log.say("t", run, "Hel")
    first, second = an_answer("Hello"), an_answer("", error="UNAVAILABLE", retry_after=5)

    assert log.end("t", first) == first
    assert log.end("t", second) == first
    assert live(log) == Live(run, ["Hel"], first)


def test_a_turn_that_has_ended_is_never_begun_again(log: TurnLog) -> None:
    run = log.begin("t").run
    log.say("t", run, "Hel")
    log.end("t", an_answer())

    assert log.say("t", run, "lo") is Going.OVER
    assert log.begin("t") == Live(run, ["Hel"], an_answer()) == log.open("t")
    assert log.say("t", run, "lo") is Going.OVER
    assert live(log).deltas == ["Hel"]


def test_whoever_speaks_learns_that_a_stop_was_asked(log: TurnLog) -> None:
    run = log.begin("t").run
    log.say("t", run, "Hel")
    asked = log.ask_to_stop("t")

    assert asked == Live(run, ["Hel"], is_stopped=True) == live(log)
    assert log.ask_to_stop("t") == asked
    assert log.say("t", run, "lo") is Going.STOPPED
    assert live(log).deltas == ["Hel"]
    assert log.end("t", an_answer("Hel", stopped=True)).stopped


def test_a_stop_before_the_first_run_is_found_by_every_run(log: TurnLog) -> None:
    log.open("t")
    log.ask_to_stop("t")
    first = log.begin("t")
    second = log.begin("t")

    assert (first.is_stopped, second.is_stopped) == (True, True)
    assert log.say("t", first.run, "Hel") is Going.OVER
    assert log.say("t", second.run, "Hel") is Going.STOPPED


def test_a_stop_after_the_end_changes_nothing(log: TurnLog) -> None:
    run = log.begin("t").run
    log.end("t", an_answer())

    assert log.ask_to_stop("t") == Live(run, [], an_answer()) == live(log)


def test_an_answer_to_a_turn_that_was_lost_is_known(log: TurnLog) -> None:
    log.end("t", an_answer())
    found = live(log)

    assert (found.answer, found.deltas) == (an_answer(), [])
    assert log.open("t") == found == log.begin("t")
    assert log.say("t", 1, "late") is Going.OVER


def test_a_turn_that_is_tried_anew_is_forgotten(log: TurnLog) -> None:
    first = log.begin("t").run
    log.say("t", first, "Hel")
    log.ask_to_stop("t")
    log.end("t", an_answer())
    log.forget("t")

    assert log.read("t") is None
    assert log.open("t") == Live(0, [])


def test_turns_are_each_for_themselves(log: TurnLog) -> None:
    mine, other = log.begin("t").run, log.begin("t2").run
    log.say("t", mine, "mine")
    log.ask_to_stop("t2")
    log.say("t", mine, " too")
    log.end("t2", an_answer())

    assert live(log) == Live(mine, ["mine", " too"])
    assert log.say("t2", other, "more") is Going.OVER


@pytest.mark.parametrize(
    "text",
    [
        'quotes " and \\ and \\u0041 and {"run":1}',
        "lines\nand\r\n\ttabs\0and\x1b[31mcontrols\x7f",
        "안녕하세요, 만나서 반가워요",
        "👩‍👩‍👧‍👦 \u202eright to left\u2028\ufeff\uffff",
        "<script>alert('1')</script>% %s %1 $1",
        "x" * 100_000,
    ],
    ids=["quotes", "controls", "hangul", "astral", "markup", "long"],
)
def test_any_text_comes_back_as_it_was(log: TurnLog, text: str) -> None:
    run = log.begin("t").run
    log.say("t", run, text)
    assert log.end("t", an_answer(text)) == an_answer(text)

    assert live(log) == Live(run, [text], an_answer(text))


def test_every_field_of_an_answer_comes_back(log: TurnLog) -> None:
    failed = Answer(conversation_id=None, status=Ended.FAILED, error="UNAVAILABLE", retry_after=5)
    stopped = an_answer("Hel", stopped=True)
    assert log.end("failed", failed) == failed == live(log, "failed").answer
    assert log.end("stopped", stopped) == stopped == live(log, "stopped").answer


def test_every_change_is_told_once_and_in_order(world: World) -> None:
    log = world.log
    log.open("t")
    first = log.begin("t").run
    log.say("t", first, '안녕 "x"\n')
    log.say("t", first, "\0👋")
    second = log.begin("t").run
    log.say("t", first, "late")
    log.say("t", second, "Hi")
    log.begin("t2")
    log.ask_to_stop("t")
    log.say("t", second, "unheard")
    log.end("t", an_answer("Hi", stopped=True))
    log.end("t", an_answer("late"))
    log.begin("t")
    log.say("t", second, "late")
    log.forget("t")

    parcels = [unpack(one) for one in world.hear()]
    assert all(isinstance(one, Push) and one.except_user is None for one in parcels)
    answer = {"conversationId": "c1", "response": "Hi", "status": "completed", "stopped": True}
    assert [orjson.loads(one.payload) for one in parcels if isinstance(one, Push)] == [
        {"run": first},
        {"run": first, "index": 0, "delta": '안녕 "x"\n'},
        {"run": first, "index": 1, "delta": "\0👋"},
        {"run": second},
        {"run": second, "index": 0, "delta": "Hi"},
        {"run": second, "answer": answer},
    ]


def test_a_run_that_was_forgotten_while_it_spoke_goes_on_unheard(world: World) -> None:
    log = world.log
    run = log.begin("t").run
    log.say("t", run, "Hel")
    log.forget("t")

    assert log.say("t", run, "lo") is Going.ON
    assert log.read("t") is None
    log.open("t")
    assert log.say("t", run, " there") is Going.ON
    assert live(log) == Live(0, [])
    later = log.begin("t").run
    assert later > run
    assert log.say("t", run, "!") is Going.OVER
    told = [orjson.loads(one.payload) for one in map(unpack, world.hear()) if isinstance(one, Push)]
    assert told == [{"run": run}, {"run": run, "index": 0, "delta": "Hel"}, {"run": later}]


def test_the_pace_is_the_median_of_what_was_noted(world: World) -> None:
    assert world.pace.estimate() == 3000
    for noted, estimate in ((1000, 1000), (2001, 2001), (90_000, 2001), (500, 2001), (700, 1000)):
        world.pace.note(noted)
        assert world.pace.estimate() == estimate
