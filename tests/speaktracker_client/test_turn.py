import asyncio
from collections.abc import Callable

import pytest
from websockets.asyncio.server import ServerConnection

from speaktracker_client.client import SpeakTracker
from speaktracker_client.errors import InvalidRequest, TimedOut
from tests.speaktracker_client.platform import FakePlatform, Fields, _send

pytestmark = pytest.mark.anyio
WORDS = ["You ", "went ", "to ", "school!"]


def delta(fields: Fields, text: str, index: int) -> Fields:
    return {"action": "messageDelta", "requestId": fields["requestId"], "delta": text, "index": index}


def ended(fields: Fields, **more: object) -> Fields:
    said = {"conversationId": "c1", "response": "".join(WORDS), "status": "completed"} | more
    return {"action": "messageResponse", "requestId": fields["requestId"], **said}


@pytest.fixture
def speaks(platform: FakePlatform) -> Callable[..., list[Fields]]:
    """Lets the partner say these words each time that it is asked; it is cut off after so many the first time."""

    def let(*, cut_after: int | None = None, other_words: list[str] | None = None) -> list[Fields]:
        asked: list[Fields] = []

        async def answer(socket: ServerConnection, fields: Fields) -> bool:
            if fields["action"] != "sendMessage":
                return False
            asked.append(fields)
            words = other_words if other_words and len(asked) > 1 else WORDS
            for index, word in enumerate(words):
                if len(asked) == 1 and index == cut_after:
                    socket.transport.abort()
                    return True
                await _send(socket, delta(fields, word, index))
            await _send(socket, {"type": "audioReady", "requestId": fields["requestId"], "index": 0, "audioUrl": "u"})
            await _send(socket, ended(fields, response="".join(words)))
            return True

        platform.intercept = answer
        return asked

    return let


async def test_words_come_as_they_are_said(client: SpeakTracker, speaks: Callable[..., list[Fields]]) -> None:
    speaks()

    assert [word async for word in client.stream("I goed")] == WORDS


async def test_a_cut_in_the_middle_does_not_show(client: SpeakTracker, speaks: Callable[..., list[Fields]]) -> None:
    asked = speaks(cut_after=2)
    turn = client.stream("I goed")

    assert [word async for word in turn] == WORDS
    assert (await turn.reply()).response == "".join(WORDS)
    assert asked[0]["requestId"] == asked[1]["requestId"]


async def test_a_token_that_goes_stale_in_the_middle_does_not_show(
    client: SpeakTracker, platform: FakePlatform, speaks: Callable[..., list[Fields]]
) -> None:
    asked = speaks(cut_after=2)
    said: list[str] = []
    async for word in client.stream("I goed"):
        said.append(word)
        platform.valid_token = "another"  # before the cut is noticed: coming back is refused, and the token renewed

    assert said == WORDS
    assert len(asked) == 2
    assert platform.refreshes == 1


async def test_a_partner_that_begins_anew_is_said(client: SpeakTracker, speaks: Callable[..., list[Fields]]) -> None:
    speaks(cut_after=2, other_words=["Well, ", "good."])
    again: list[int] = []
    turn = client.stream("I goed", on_restart=lambda: again.append(1))

    words = [word async for word in turn]

    assert words == ["You ", "went ", "Well, ", "good."]
    assert (turn.text, again) == ("Well, good.", [1])


async def test_sentences_are_heard(client: SpeakTracker, speaks: Callable[..., list[Fields]]) -> None:
    speaks()
    turn = client.stream("I goed")
    await turn.reply()

    assert [sound.url async for sound in turn.sounds(wait_seconds=0.05)] == ["u"]


async def test_asking_returns_the_whole_answer(client: SpeakTracker, speaks: Callable[..., list[Fields]]) -> None:
    speaks()

    assert (await client.ask("I goed")).response == "".join(WORDS)
    assert (await client.ask("And then?")).conversation_id == "c1"


async def test_a_refusal_that_may_pass_is_tried_again(client: SpeakTracker, platform: FakePlatform) -> None:
    asked: list[Fields] = []

    async def answer(socket: ServerConnection, fields: Fields) -> bool:
        asked.append(fields)
        failed = {"status": "failed", "response": "", "error": "UNAVAILABLE", "message": "", "retryAfter": 0.01}
        await _send(socket, ended(fields, **(failed if len(asked) == 1 else {})))
        return True

    platform.intercept = answer

    assert (await client.ask("I goed")).response == "".join(WORDS)
    assert len(asked) == 2


async def test_a_refusal_that_stays_raises(client: SpeakTracker, platform: FakePlatform) -> None:
    async def answer(socket: ServerConnection, fields: Fields) -> bool:
        refused = {"status": "failed", "response": "", "error": "INVALID_REQUEST", "message": "too long"}
        await _send(socket, ended(fields, **refused))
        return True

    platform.intercept = answer
    with pytest.raises(InvalidRequest):
        await client.ask("I goed")


async def test_silence_is_a_time_out_that_names_the_request(client: SpeakTracker, platform: FakePlatform) -> None:
    async def say_nothing(_socket: ServerConnection, _fields: Fields) -> bool:
        return True

    platform.intercept = say_nothing
    turn = client.stream("I goed")
    turn._silent = 0.05

    with pytest.raises(TimedOut) as late:
        await turn.reply()
    assert late.value.request_id == turn.request_id


async def test_a_cancelled_turn_leaves_no_task(client: SpeakTracker, platform: FakePlatform) -> None:
    async def say_nothing(_socket: ServerConnection, _fields: Fields) -> bool:
        return True

    await client._own_channel()
    platform.intercept = say_nothing
    before = asyncio.all_tasks()
    asking = asyncio.create_task(client.ask("I goed"))
    while not platform.frames:
        await asyncio.sleep(0.001)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    assert asyncio.all_tasks() == before
