"""The user pool's clock, by which its tokens say when somebody signed in."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

SECOND = timedelta(seconds=1)


class PoolClock:
    """Knows how far the pool's clock is from ours by the Date of its last answer; nothing is asked for it.

    Without it a sign-in right after all were ended would be refused as an older one where the pool's clock is behind.
    """

    def __init__(self, *clients: Any) -> None:
        """Hear every answer to boto3 cognito-idp clients."""
        self._ahead = timedelta(0)
        for client in {id(client): client for client in clients}.values():
            client.meta.events.register("after-call.cognito-identity-provider", self._note)

    def time(self, now: datetime) -> datetime:
        """Return what the pool's clock shows when ours shows `now`, within a second and never later."""
        return now + self._ahead

    def _note(self, parsed: dict[str, Any], **_: Any) -> None:
        said = parsed.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
        if said:
            self._ahead = ahead_of(parsedate_to_datetime(said), datetime.now(UTC))


def ahead_of(said: datetime, now: datetime) -> timedelta:
    """Return how far the clock that said a whole second is ahead of ours; nothing where both may show the same."""
    ahead = said - now
    return timedelta(0) if -SECOND <= ahead <= timedelta(0) else ahead
