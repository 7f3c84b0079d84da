import asyncio
import json

import pytest
from websockets.asyncio.server import ServerConnection

from speaktracker_client.client import SpeakTracker
from speaktracker_client.errors import Conflict, Ended, Unauthorized
from tests.speaktracker_client.platform import FakePlatform, Fields, eventually, next_push, one_of

pytestmark = pytest.mark.anyio


async def test_it_yields_pushes_and_comes_back(client: SpeakTracker, platform: FakePlatform) -> None:
    async with client.channel() as channel:
        await platform.push({"type": "notification", "title": "Hello"})
        assert (await next_push(channel)).fields["title"] == "Hello"
        platform.cut()
        await eventually(lambda: channel.openings == 2 and channel.is_live, "back")
        await channel.ping()
        await platform.push({"type": "job", "jobId": "1"})
        assert (await next_push(channel)).type == "job"
    assert all("token" not in opening.path for opening in platform.openings)


async def test_a_token_that_went_stale_is_renewed(client: SpeakTracker, platform: FakePlatform) -> None:
    platform.valid_token = "another"
    async with client.channel() as channel:
        await channel.ping()
    assert platform.refreshes == 1


async def test_a_surplus_channel_ends(client: SpeakTracker, platform: FakePlatform) -> None:
    async with client.channel() as channel:
        await platform.close(4429)
        with pytest.raises(Ended):
            await one_of(channel)


async def test_signed_out_elsewhere_it_does_not_come_back(client: SpeakTracker, platform: FakePlatform) -> None:
    async with client.channel() as channel:
        platform.valid_token = "revoked"
        platform.refusals.append(("/refresh", 400, "INVALID_REQUEST"))
        platform.cut()
        with pytest.raises(Unauthorized):
            await one_of(channel)


def replied(fields: Fields, response: str) -> Fields:
    said = {"conversationId": "c1", "response": response, "status": "completed"}
    return {"action": "messageResponse", "requestId": fields["requestId"], **said}


def delta(fields: Fields, text: str, index: int) -> Fields:
    return {"action": "messageDelta", "requestId": fields["requestId"], "delta": text, "index": index}


async def test_the_partner_is_heard_as_it_speaks_and_each_answer_reaches_its_asker(
    client: SpeakTracker, platform: FakePlatform
) -> None:
    asked: list[Fields] = []

    async def both_in_the_other_order(socket: ServerConnection, fields: Fields) -> bool:
        asked.append(fields)
        if len(asked) == 2:
            for one in reversed(asked):
                await socket.send(json.dumps(delta(one, "You said ", 0)))
                await socket.send(json.dumps(delta(one, one["message"], 1)))
                await socket.send(json.dumps(replied(one, f"You said {one['message']}")))
        return True

    platform.intercept = both_in_the_other_order
    heard: list[tuple[str, int]] = []
    async with client.channel() as channel, asyncio.TaskGroup() as group:
        first = group.create_task(channel.ask_partner("one", on_delta=lambda text, index: heard.append((text, index))))
        second = group.create_task(channel.ask_partner("two"))
        await asyncio.wait({first, second})
    assert (first.result().response, second.result().response) == ("You said one", "You said two")
    assert heard == [("You said ", 0), ("one", 1)]
    assert [one.get("stream") for one in asked] == [True, None]


async def test_a_cut_in_the_middle_of_an_answer_asks_again_with_the_same_request(
    client: SpeakTracker, platform: FakePlatform
) -> None:
    requests: list[str] = []

    async def cut_first(socket: ServerConnection, fields: Fields) -> bool:
        requests.append(fields["requestId"])
        await socket.send(json.dumps(delta(fields, "Half", 0)))
        if len(requests) == 1:
            platform.cut()
        else:
            await socket.send(json.dumps(replied(fields, "Half and half")))
        return True

    platform.intercept = cut_first
    async with client.channel() as channel:
        reply = await channel.ask_partner("Hello", request_id="mine")
    assert (reply.response, requests) == ("Half and half", ["mine", "mine"])


async def test_a_failed_answer_is_a_refusal(client: SpeakTracker, platform: FakePlatform) -> None:
    async def fail(socket: ServerConnection, fields: Fields) -> bool:
        failure = {"status": "failed", "response": "", "error": "CONFLICT", "message": "The conversation has ended."}
        await socket.send(json.dumps(replied(fields, "") | failure))
        return True

    platform.intercept = fail
    async with client.channel() as channel:
        with pytest.raises(Conflict, match="has ended"):
            await channel.ask_partner("Hello")
