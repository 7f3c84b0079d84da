"""Connections that ask the partner: deltas in order, one answer to each request, whatever is lost."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.domains.turns.models import Answer, Live, Said
from shared.kernel.errors import Unavailable
from tests.shared.domains.turns.asked import TURN, Platform, completed
from tests.web.realtime.asking import Channel, Gateway, wait_until
from web.realtime.turns import Following

HELLO = [(0, "Hel"), (1, "lo")]


@pytest.fixture
def platform() -> Platform:
    made = Platform()
    made.begin_conversation()
    return made


@pytest.fixture
def gateway(platform: Platform) -> Gateway:
    return Gateway(platform)


@pytest.fixture
def channel(gateway: Gateway) -> Channel:
    return Channel(gateway)


def speak(platform: Platform, *deltas: str) -> int:
    """Begin a run that says something; return its number."""
    run = platform.log.begin(TURN).run
    for delta in deltas:
        platform.log.say(TURN, run, delta)
    return run


def answered(response: str = "Hello") -> dict[str, Any]:
    """Return the answer as the client reads it."""
    return {
        "action": "messageResponse",
        "requestId": "r1",
        "conversationId": "c1",
        "response": response,
        "status": "completed",
    }


def test_an_answer_is_told_as_it_is_spoken_and_once(platform: Platform, gateway: Gateway, channel: Channel) -> None:
    channel.ask(conversationId="c1", stream=True)
    assert channel.line.heard == []
    speak(platform, "Hel", "lo")
    assert (channel.deltas, channel.responses) == (HELLO, [])
    platform.log.end(TURN, completed("Hello"))
    platform.log.end(TURN, completed("Other"))

    assert channel.line.heard[-1] == answered()
    assert len(channel.responses) == 1
    assert len(gateway.watches) == 0
    wait_until(lambda: not gateway.subscription.topics)


def test_without_stream_there_is_the_answer_alone(platform: Platform, channel: Channel) -> None:
    channel.ask(conversationId="c1")
    speak(platform, "Hel", "lo")
    platform.log.end(TURN, completed("Hello"))

    assert channel.line.heard == [answered()]


def test_a_later_run_is_told_from_its_beginning(platform: Platform, channel: Channel) -> None:
    channel.ask(conversationId="c1", stream=True)
    first = speak(platform, "Hel")
    speak(platform, "Hi", "!")
    platform.log.say(TURN, first, "lo")

    assert channel.deltas == [(0, "Hel"), (0, "Hi"), (1, "!")]


def test_whoever_asks_later_hears_it_from_its_beginning(platform: Platform, gateway: Gateway, channel: Channel) -> None:
    channel.ask(conversationId="c1", stream=True)
    run = speak(platform, "Hel")
    other = Channel(Gateway(platform))
    other.ask(conversationId="c1", stream=True)
    assert other.deltas == HELLO[:1]
    platform.log.say(TURN, run, "lo")
    platform.log.end(TURN, completed("Hello"))
    third = Channel(gateway)
    third.ask(conversationId="c1", stream=True)

    assert channel.deltas == other.deltas == HELLO
    assert channel.responses == other.responses == third.line.heard == [answered()]


def test_the_same_request_on_the_same_connection_begins_again_and_has_one_answer(
    platform: Platform, channel: Channel
) -> None:
    channel.ask(conversationId="c1", stream=True)
    run = speak(platform, "Hel")
    channel.ask(conversationId="c1", stream=True)
    platform.log.say(TURN, run, "lo")
    channel.ask(conversationId="c1")
    platform.log.end(TURN, completed("Hello"))

    assert channel.deltas == [(0, "Hel"), *HELLO]
    assert channel.responses == [answered()]
    channel.ask(conversationId="c1")
    assert channel.responses == [answered(), answered()]
    assert len(platform.queued) == 1


def test_a_delta_that_the_bus_lost_is_read_from_the_log_and_order_holds(
    platform: Platform, gateway: Gateway, channel: Channel
) -> None:
    channel.ask(conversationId="c1", stream=True)
    run = speak(platform)
    topics, gateway.subscription.topics = gateway.subscription.topics, set()
    platform.log.say(TURN, run, "Hel")
    gateway.subscription.topics = topics
    platform.log.say(TURN, run, "lo")

    wait_until(lambda: channel.deltas == HELLO)


def test_an_answer_waits_for_the_deltas_before_it(platform: Platform, gateway: Gateway, channel: Channel) -> None:
    channel.ask(conversationId="c1", stream=True)
    run = speak(platform, "Hel")
    topics, gateway.subscription.topics = gateway.subscription.topics, set()
    platform.log.say(TURN, run, "lo")
    gateway.subscription.topics = topics
    platform.log.say(TURN, run, "!")
    platform.log.end(TURN, completed("Hello!"))

    wait_until(lambda: channel.responses)
    assert channel.deltas == [*HELLO, (2, "!")]
    assert channel.line.heard[-1] == answered("Hello!")


def test_an_answer_that_the_bus_lost_is_found_in_the_log(
    platform: Platform, gateway: Gateway, channel: Channel
) -> None:
    channel.ask(conversationId="c1", stream=True)
    gateway.subscription.topics = set()
    speak(platform, "Hel", "lo")
    platform.log.end(TURN, completed("Hello"))
    gateway.pass_time(2.9)
    assert channel.line.heard == []
    gateway.pass_time(0.1)

    assert channel.deltas == HELLO
    assert channel.responses == [answered()]


def test_where_redis_lost_its_memory_the_table_answers(platform: Platform, gateway: Gateway, channel: Channel) -> None:
    channel.ask(conversationId="c1", stream=True)
    speak(platform, "Hel")
    platform.store_turn("Hello")
    platform.forget_log()
    gateway.pass_time(3)
    assert channel.responses == []
    gateway.pass_time(3)

    assert channel.responses == [answered()]


def test_where_redis_is_away_the_table_answers(platform: Platform, gateway: Gateway, channel: Channel) -> None:
    platform.log.is_away = True
    channel.ask(conversationId="c1", stream=True)
    platform.tracker.complete(TURN, {"conversationId": "c1", "aiMessage": "Hello"})
    gateway.pass_time(6)

    assert channel.responses == [answered()]


class DeafSubscription:
    """A subscription to a bus that is away, until it is back."""

    def __init__(self, gateway: Gateway) -> None:
        self.real, self.is_away = gateway.subscription, True

    def subscribe(self, topics: list[str]) -> None:
        if self.is_away:
            raise Unavailable("The bus is away.")
        self.real.subscribe(topics)

    def unsubscribe(self, topics: list[str]) -> None:
        self.real.unsubscribe(topics)


def test_a_topic_that_could_not_be_joined_is_joined_later(
    platform: Platform, gateway: Gateway, channel: Channel
) -> None:
    bus = gateway.hub.subscription = DeafSubscription(gateway)  # type: ignore[assignment]
    channel.ask(conversationId="c1", stream=True)
    bus.is_away = False
    gateway.pass_time()
    speak(platform, "Hel", "lo")

    assert channel.deltas == HELLO


def test_a_turn_that_failed_for_good_is_told_in_words(platform: Platform, gateway: Gateway) -> None:
    channel = Channel(gateway, language="ko")
    channel.ask(conversationId="c1")
    platform.fail()

    [response] = channel.responses
    assert (response["status"], response["response"], response["error"]) == ("failed", "", "UNAVAILABLE")
    assert (response["retryAfter"], response["conversationId"]) == (5, "c1")
    assert "AI 파트너" in response["message"]


def test_after_ten_minutes_it_is_given_up(platform: Platform, gateway: Gateway, channel: Channel) -> None:
    channel.ask(conversationId="c1")
    gateway.pass_time(599)
    assert channel.responses == []
    gateway.pass_time(1)
    gateway.pass_time(10)

    [response] = channel.responses
    assert (response["error"], response["retryAfter"], response["conversationId"]) == ("UNAVAILABLE", 5, "c1")


def test_a_connection_that_went_is_forgotten(platform: Platform, gateway: Gateway, channel: Channel) -> None:
    other = Channel(gateway)
    for one in (channel, other):
        one.ask(conversationId="c1")
    gateway.watches.leave(channel.session.connection_id)
    platform.log.end(TURN, completed("Hello"))

    assert (channel.responses, other.responses) == ([], [answered()])
    assert len(gateway.watches) == 0
    wait_until(lambda: not gateway.subscription.topics)


def test_what_is_stopped_is_answered_with_what_was_said(platform: Platform, channel: Channel) -> None:
    channel.ask(conversationId="c1", stream=True)
    speak(platform, "Hel", "lo ")
    channel.say(action="stop", requestId="r1")

    wait_until(lambda: channel.responses)
    assert channel.responses == [answered() | {"stopped": True}]
    channel.say(action="stop", requestId="r1")
    assert [one["action"] for one in channel.line.heard] == ["messageDelta", "messageDelta", "messageResponse"]


def test_a_worker_that_ends_it_first_is_believed(platform: Platform) -> None:
    channel = Channel(Gateway(platform, stop_seconds=3600))
    channel.ask(conversationId="c1")
    channel.say(action="stop", requestId="r1")
    platform.log.end(TURN, Answer.halted("c1", "Hello there"))

    assert channel.responses == [answered("Hello there") | {"stopped": True}]


def test_another_connection_may_stop_it_and_both_are_answered(platform: Platform, channel: Channel) -> None:
    channel.ask(conversationId="c1")
    other = Channel(Gateway(platform))
    speak(platform, "Hel")
    other.say(action="stop", requestId="r1")

    wait_until(lambda: channel.responses and other.responses)
    assert channel.responses == other.responses == [answered("Hel") | {"stopped": True}]


def test_stopping_what_was_never_asked_is_an_error(channel: Channel) -> None:
    channel.say(action="stop", requestId="r1")
    [refused] = channel.line.heard
    assert (refused["action"], refused["error"], refused["requestId"]) == ("error", "NOT_FOUND", "r1")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"message": "x" * 4001}, "INVALID_REQUEST"),
        ({"message": " \n"}, "INVALID_REQUEST"),
        ({"message": ""}, "INVALID_REQUEST"),
        ({}, "INVALID_REQUEST"),
        ({"message": 1}, "INVALID_REQUEST"),
        ({"message": "Hello", "colour": "blue"}, "INVALID_REQUEST"),
        ({"message": "Hello", "userId": "ann"}, "FORBIDDEN"),
        ({"message": "Hello", "conversationId": "unknown"}, "NOT_FOUND"),
        ({"message": "Hello", "conversationId": "ended"}, "CONFLICT"),
        ({"message": "Hello", "roomId": "r"}, "INVALID_REQUEST"),
    ],
)
def test_a_refusal_is_an_answer(platform: Platform, channel: Channel, fields: dict[str, Any], code: str) -> None:
    platform.begin_conversation("ended", ended_at="now")
    channel.say(action="sendMessage", requestId="r1", **fields)

    [refused] = channel.line.heard
    message = refused.pop("message")
    details = refused.pop("details", [])
    assert {one["field"] for one in details} <= set(fields) | {"message"}
    assert details or code != "INVALID_REQUEST" or "roomId" not in fields
    assert refused == {
        "action": "messageResponse",
        "requestId": "r1",
        "response": "",
        "status": "failed",
        "error": code,
    }
    assert message


@pytest.mark.parametrize("request_id", [None, "", "x" * 129, 5])
def test_without_a_readable_request_id_it_is_an_error(channel: Channel, request_id: Any) -> None:
    channel.say(action="sendMessage", requestId=request_id, message="Hello")
    [refused] = channel.line.heard
    assert (refused["action"], refused["error"]) == ("error", "INVALID_REQUEST")


def test_frames_above_their_limit_are_answered_in_the_form_of_their_action(channel: Channel) -> None:
    for _ in range(40):
        channel.say(action="ping")
    channel.line.heard.clear()
    channel.ask()
    channel.say(action="sendMessage", message="Hello")
    channel.say(action="stop", requestId="r1")
    channel.session.received(b"no JSON", True)

    assert [one["action"] for one in channel.line.heard] == ["messageResponse", "error", "error", "error"]
    assert {one["error"] for one in channel.line.heard} == {"RATE_LIMITED"}
    assert channel.responses[0]["retryAfter"] == 2


def test_requests_above_their_limit_and_a_queue_that_is_away_are_answered(platform: Platform, channel: Channel) -> None:
    platform.jobs.is_away = True
    channel.ask()
    platform.jobs.is_away = False
    channel.ask()
    for number in range(10):
        channel.ask(f"n{number}")

    [away] = channel.responses
    assert (away["error"], away["retryAfter"]) == ("UNAVAILABLE", 5)
    [limited] = channel.of("messageResponse", "n9")
    assert (limited["error"], limited["retryAfter"]) == ("RATE_LIMITED", 60)
    assert len(platform.queued) == 10
    assert len(channel.line.heard) == 2


def test_a_bug_of_ours_is_an_answer_too(platform: Platform, channel: Channel) -> None:
    class Broken:
        def read(self, _turn_id: str) -> None:
            raise ZeroDivisionError

    broken: Any = Broken()
    channel.gateway.parts.ports.asking = replace(platform.asking, log=broken)
    channel.ask()

    [refused] = channel.responses
    assert (refused["error"], refused["status"]) == ("INTERNAL_SERVER_ERROR", "failed")


def test_deltas_are_due_in_order_and_once() -> None:
    following = Following()

    def hear(run: int, index: int, delta: str) -> list[tuple[int, str]]:
        return following.hear(Said(run=run, index=index, delta=delta))

    assert hear(3, 1, "b") == []
    assert following.is_behind
    assert following.read(Live(3, ["a", "b"])) == [(0, "a"), (1, "b")]
    assert not following.is_behind
    assert hear(3, 1, "b") == []
    assert hear(2, 2, "old") == []
    assert following.read(Live(2, ["x", "y", "z"])) == []
    assert following.hear(Said(run=4)) == []
    assert hear(4, 0, "A") == [(0, "A")]
    following.begin_again()
    assert following.read(Live(4, ["A", "B"])) == [(0, "A"), (1, "B")]


@pytest.mark.parametrize("lose", [lambda gateway: None, lambda gateway: gateway.subscription.topics.clear()])
def test_many_requests_of_many_connections_each_have_their_own_answer(
    platform: Platform, lose: Callable[[Gateway], None]
) -> None:
    gateways = [Gateway(platform), Gateway(platform)]
    channels = [Channel(gateways[number % 2], user_id=f"u{number}") for number in range(20)]
    for channel in channels:
        for number in range(5):
            channel.ask(f"r{number}")
    for gateway in gateways:
        lose(gateway)
    for job in platform.queued:
        platform.log.end(job.turn_id, completed(f"{job.user_id} {job.request_id}"))
    for gateway in gateways:
        gateway.pass_time()

    for channel in channels:
        said = {one["requestId"]: one["response"] for one in channel.line.heard}
        assert said == {f"r{number}": f"{channel.session.user_id} r{number}" for number in range(5)}
        assert len(channel.line.heard) == 5
