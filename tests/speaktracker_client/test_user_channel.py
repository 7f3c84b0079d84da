import pytest

from speaktracker_client.client import SpeakTracker
from speaktracker_client.errors import Ended, Unauthorized
from tests.speaktracker_client.platform import FakePlatform, eventually, next_push, one_of

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
