"""What asking the AI partner needs, in memory."""

from shared.kernel.errors import RateLimited, Unavailable


class MemoryTurnRate:
    """The port TurnRate for one thread, of one minute that never ends."""

    def __init__(self, allowed: int = 10) -> None:
        """Allow so many to each user."""
        self.allowed = allowed
        self.counted: dict[str, int] = {}

    def check(self, user_id: str) -> None:
        """Count one request, or refuse it."""
        if self.counted.get(user_id, 0) >= self.allowed:
            raise RateLimited("Too many requests; try again later.", retry_after=60)
        self.counted[user_id] = self.counted.get(user_id, 0) + 1


class MemoryRecordings:
    """The port Recordings; while `is_away` it takes nothing."""

    def __init__(self) -> None:
        """Begin empty."""
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.is_away = False

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store an object."""
        if self.is_away:
            raise Unavailable("The bucket is away.")
        self.objects[key] = (content, content_type)
