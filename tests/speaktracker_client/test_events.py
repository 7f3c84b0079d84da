import asyncio
from collections.abc import AsyncIterator

import pytest

from speaktracker_client.backoff import Backoff
from speaktracker_client.client import SpeakTracker
from speaktracker_client.errors import Conflict, Ended, Unavailable
from tests.speaktracker_client.streams import StreamPlatform

pytestmark = pytest.mark.anyio


@pytest.fixture
async def platform() -> StreamPlatform:
    return StreamPlatform()


@pytest.fixture
async def client(platform: StreamPlatform) -> AsyncIterator[SpeakTracker]:
    backoff = Backoff(first=0.001, longest=0.01)
    async with SpeakTracker("http://platform", backoff=backoff, transport=platform.transport) as made:
        await made.login("ann@example.com", "Practice-2024!")
        yield made


async def test_every_push_comes_once_and_in_order_over_many_cuts(
    client: SpeakTracker, platform: StreamPlatform
) -> None:
    async with client.pushes() as pushes:
        heard = []
        for number in range(60):
            if number % 3 == 0:
                platform.cut()
            platform.push(type="job", number=number)
            if number % 2:
                heard.append((await anext(pushes)).fields["number"])
        while len(heard) < 60:
            heard.append((await anext(pushes)).fields["number"])

    assert heard == list(range(60))
    assert len(platform.asked_from) > 2


async def test_a_listener_hears_what_it_asked_for_and_all_share_one_stream(
    client: SpeakTracker, platform: StreamPlatform
) -> None:
    async with client.feedback() as feedback, client.notifications() as notifications:
        platform.push(type="notification", title="Hello")
        platform.push(type="feedback", message="Well done!")

        assert (await anext(feedback)).fields["message"] == "Well done!"
        assert (await anext(notifications)).fields["title"] == "Hello"
        assert platform.open_streams == 1
    assert platform.open_streams == 0


async def test_what_was_forgotten_is_said(client: SpeakTracker, platform: StreamPlatform) -> None:
    async with client.feedback() as feedback:
        platform.push(type="job")
        platform.remembers_from = 100
        platform.cut()

        assert (await anext(feedback)).type == "resync"


async def test_a_stale_token_is_renewed_and_the_stream_goes_on(client: SpeakTracker, platform: StreamPlatform) -> None:
    async with client.pushes() as pushes:
        platform.token = "another"
        platform.cut()
        platform.push(type="job", number=1)

        assert (await anext(pushes)).fields["number"] == 1
    assert platform.refreshes == 1


async def test_who_shall_not_come_again_does_not(client: SpeakTracker, platform: StreamPlatform) -> None:
    platform.answer = 204
    with pytest.raises(Ended):
        async with client.pushes():
            pass


async def test_leaving_in_the_middle_leaves_no_task(client: SpeakTracker, platform: StreamPlatform) -> None:
    before = asyncio.all_tasks()
    platform.jobs["j1"] = {"jobId": "j1", "kind": "tts", "status": "PROCESSING"}

    async def wait_for_ever() -> None:
        await client.jobs.result("j1")

    waiting = asyncio.create_task(wait_for_ever())
    while platform.open_streams == 0:
        await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert asyncio.all_tasks() == before
    assert platform.open_streams == 0


async def test_a_job_is_followed_to_its_end(client: SpeakTracker, platform: StreamPlatform) -> None:
    platform.jobs["j1"] = {"jobId": "j1", "kind": "graph", "status": "PENDING"}
    stages = []
    async for job in client.jobs.follow("j1"):
        stages.append(job.stage or job.status)
        if len(stages) == 1:
            platform.push(type="job", jobId="other", kind="graph", status="PROCESSING", stage="not mine")
            platform.push(type="job", jobId="j1", kind="graph", status="PROCESSING", stage="drawing")
            platform.push(type="job", jobId="j1", kind="graph", status="COMPLETED", nodes=3)
    assert stages == ["PENDING", "drawing", "COMPLETED"]
    assert job.result == {"nodes": 3}


@pytest.mark.parametrize(
    ("status", "error", "raised"), [("FAILED", "UNAVAILABLE", Unavailable), ("CANCELLED", None, Conflict)]
)
async def test_a_job_that_did_not_end_well_raises(
    client: SpeakTracker, platform: StreamPlatform, status: str, error: str | None, raised: type[Exception]
) -> None:
    platform.jobs["j1"] = {"jobId": "j1", "kind": "graph", "status": status, "error": error}

    with pytest.raises(raised):
        await client.jobs.result("j1")
