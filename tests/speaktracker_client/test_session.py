import asyncio

import httpx
import pytest

from speaktracker_client.client import SpeakTracker
from speaktracker_client.errors import Conflict, RateLimited, Unauthorized, Unreachable
from tests.speaktracker_client.platform import ROOM, FakePlatform

pytestmark = pytest.mark.anyio


async def test_a_token_near_its_end_is_renewed_once_for_all(client: SpeakTracker, platform: FakePlatform) -> None:
    platform.expires_in = 30
    await client.login("ann@example.com", "Practice-2024!")
    platform.expires_in = 3600
    await asyncio.gather(*(client.rooms.show(ROOM) for _ in range(5)))

    assert platform.refreshes == 1


async def test_a_refused_token_is_renewed_and_the_call_made_again(client: SpeakTracker, platform: FakePlatform) -> None:
    platform.valid_token = "another"

    assert (await client.rooms.show(ROOM)).room_id == ROOM
    assert platform.refreshes == 1


async def test_a_sign_in_that_has_ended_says_so(client: SpeakTracker, platform: FakePlatform) -> None:
    platform.valid_token = "another"
    platform.refusals.append(("/refresh", 400, "INVALID_REQUEST"))
    with pytest.raises(Unauthorized):
        await client.rooms.show(ROOM)
    with pytest.raises(Unauthorized, match="Nobody is signed in"):
        await client.rooms.show(ROOM)


async def test_signing_out_and_in_again(client: SpeakTracker, platform: FakePlatform) -> None:
    kept = client.refresh_token
    assert kept is not None
    await client.logout()
    await client.logout()
    with pytest.raises(Unauthorized):
        await client.account()
    await client.login_again(kept)

    assert (await client.rooms.show(ROOM)).member_ids == ("ann",)


async def test_refusals_are_typed(client: SpeakTracker, platform: FakePlatform) -> None:
    platform.refusals += [("/join", 409, "CONFLICT"), ("/join", 429, "RATE_LIMITED")]
    with pytest.raises(Conflict):
        await client.rooms.join(ROOM)
    with pytest.raises(RateLimited) as refused:
        await client.rooms.join(ROOM)
    assert refused.value.retry_after == 3


@pytest.mark.parametrize("status", [200, 502])
async def test_what_is_not_of_the_platform_means_that_it_is_away(status: int) -> None:
    portal = httpx.MockTransport(lambda _request: httpx.Response(status, text="<html>Please sign in</html>"))
    async with SpeakTracker("http://example.invalid", transport=portal) as client:
        with pytest.raises(Unreachable):
            await client.login("ann@example.com", "x")


async def test_nobody_there() -> None:
    async with SpeakTracker("http://127.0.0.1:1") as client:
        with pytest.raises(Unreachable):
            await client.register("ann@example.com", "x", "Ann")
