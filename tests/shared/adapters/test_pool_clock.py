"""How far the user pool's clock is from ours, by whole seconds that it tells."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.adapters.aws.pool_clock import PoolClock, ahead_of

NOW = datetime(2026, 1, 2, 3, 4, 5, 600_000, tzinfo=UTC)


@pytest.mark.parametrize(("said", "ahead"), [(5, 0.0), (4.8, 0.0), (8, 2.4), (1, -4.6)])
def test_clocks_that_may_show_the_same_do(said: float, ahead: float) -> None:
    assert ahead_of(NOW.replace(second=0, microsecond=0) + timedelta(seconds=said), NOW) == timedelta(seconds=ahead)


def test_every_answer_tells_the_time() -> None:
    class Client:
        def __init__(self) -> None:
            self.meta = self.events = self
            self.heard: dict[str, Any] = {}

        def register(self, name: str, hear: Any) -> None:
            self.heard[name] = hear

    client = Client()
    clock = PoolClock(client, client)
    hear = client.heard["after-call.cognito-identity-provider"]
    hear(parsed={}, model=None)
    assert clock.time(NOW) == NOW
    hear(parsed={"ResponseMetadata": {"HTTPHeaders": {"date": "Thu, 01 Jan 2026 00:00:00 GMT"}}}, model=None)
    assert clock.time(NOW) < NOW
