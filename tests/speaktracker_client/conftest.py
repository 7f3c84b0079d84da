from collections.abc import AsyncIterator

import pytest

from speaktracker_client.backoff import Backoff
from speaktracker_client.client import SpeakTracker
from tests.speaktracker_client.platform import FakePlatform


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def platform() -> AsyncIterator[FakePlatform]:
    async with FakePlatform() as running:
        yield running


@pytest.fixture
async def client(platform: FakePlatform) -> AsyncIterator[SpeakTracker]:
    backoff = Backoff(first=0.01, longest=0.1)
    async with SpeakTracker(platform.base, backoff=backoff, transport=platform.transport) as made:
        await made.login("ann@example.com", "Practice-2024!")
        yield made
