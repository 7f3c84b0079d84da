"""How large a drill is: the long form for `make drills`, the quick one for the tests."""

from typing import NamedTuple, TypeVar

Size = TypeVar("Size", int, float)


class Scale(NamedTuple):
    """The long form has the times that ship; in the quick one what is dead comes back sooner."""

    is_long: bool

    def of(self, quick: Size, long: Size) -> Size:
        """Return the number for this form."""
        return long if self.is_long else quick

    @property
    def settings(self) -> dict[str, str]:
        """Return the platform's settings for this form."""
        # one answer of the partner is as good as another here: nothing is spoken
        both = {"WEB_CONCURRENCY": "2", "FORMATION": "worker-ai=2", "DAILY_SPOKEN_CHARACTERS": "0"}
        if self.is_long:
            return both
        return both | {"LEASE_SECONDS": "5", "LONG_POLL_SECONDS": "1", "UNQUEUED_AFTER_SECONDS": "2"}
