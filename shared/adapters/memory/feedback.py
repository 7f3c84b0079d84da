"""Feedback in dictionaries, and channels that take what is pushed."""

from dataclasses import dataclass, field

from shared.domains.feedback.models import Feedback
from shared.kernel.contract import Event
from shared.kernel.pages import Page, Position


class MemoryFeedback:
    """The port FeedbackStore for one thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self.stored: dict[str, Feedback] = {}

    def keep(self, feedback: Feedback) -> None:
        """Store feedback, or add what is known of it."""
        known = self.stored.get(feedback.feedback_id)
        if known is None:
            self.stored[feedback.feedback_id] = feedback
        elif feedback.websocket_sent:
            news = {"websocket_sent": True, "read_at": known.read_at or feedback.read_at}
            self.stored[feedback.feedback_id] = known.model_copy(update=news)

    def between(self, tutor_id: str, student_id: str, *, limit: int, position: Position | None) -> Page[Feedback]:
        """Return what was said between two, newest first."""
        pair = (tutor_id, student_id)
        own = [one for one in self.stored.values() if (one.tutor_id, one.student_id) == pair]
        newest = sorted(own, key=lambda one: (one.timestamp, one.feedback_id), reverse=True)
        start = position["start"] if position else 0
        more = len(newest) > start + limit
        return Page(newest[start : start + limit], {"start": start + limit} if more else None)

    def find(self, feedback_id: str) -> Feedback | None:
        """Return feedback by its id."""
        return self.stored.get(feedback_id)

    def undelivered(self, student_id: str) -> list[Feedback]:
        """Return what no channel of a student took, oldest first."""
        waiting = [one for one in self.stored.values() if one.student_id == student_id and not one.websocket_sent]
        return sorted(waiting, key=lambda one: one.timestamp)


class MemoryRecentFeedback:
    """The port RecentFeedback; `lose_memory` does what FLUSHALL does."""

    def __init__(self) -> None:
        """Begin with none."""
        self.known: dict[str, Feedback] = {}

    def remember(self, feedback: Feedback) -> None:
        """Keep feedback as it is known now."""
        self.known[feedback.feedback_id] = feedback

    def recall(self, feedback_id: str) -> Feedback | None:
        """Return feedback as it was last known."""
        return self.known.get(feedback_id)

    def lose_memory(self) -> None:
        """Forget everything."""
        self.known.clear()


@dataclass
class MemoryChannels:
    """The ports LiveChannels and OpenChannels: users in `open` have a channel, those in `slow` confirm late."""

    open: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)
    pushed: list[tuple[str, Event]] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def push(self, user_id: str, event: Event, *, token: str) -> bool:
        """Push, and tell whether it was confirmed in time."""
        self.pushed.append((user_id, event))
        if user_id in self.open:
            self.taken.add(token)
        return user_id in self.open - self.slow

    def was_taken(self, token: str) -> bool:
        """Tell whether a push was confirmed by now."""
        return token in self.taken

    def note_taken(self, token: str) -> None:
        """Note that a channel took it otherwise."""
        self.taken.add(token)

    def is_open(self, user_id: str) -> bool:
        """Tell whether a user has a channel of their own open."""
        return user_id in self.open
