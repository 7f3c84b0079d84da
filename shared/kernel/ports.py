"""What every domain needs from outside."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.contract import Event, Job
from shared.kernel.errors import DomainError
from shared.kernel.recordings import Heard, Partial
from shared.kernel.topics import Topic

Found = TypeVar("Found", covariant=True)


class Clock(Protocol):
    """The time of day."""

    def now(self) -> datetime:
        """Return the aware UTC time."""

    def sleep(self, seconds: float) -> None:
        """Wait, without holding up anybody else."""


class Ids(Protocol):
    """Fresh names."""

    def new(self) -> str:
        """Return a random UUID."""

    def secret(self) -> str:
        """Return a text that nobody can guess: 192 random bits, 32 letters, digits, `-` or `_`."""


class JobQueue(Protocol):
    """Hands jobs to workers, at least once each."""

    def enqueue(self, job: Job) -> None:
        """Return when the queue has the job safely.

        Raises:
            Unavailable: the queue could not take it; enqueuing again is safe.
        """


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job as it was sent: `arguments` are its wire form, `replays` counts how often it was sent again."""

    job_id: str
    task: str
    queue: str
    arguments: dict[str, Any]
    group: str | None = None
    replays: int = 0
    correlation_id: str | None = None


class Resender(Protocol):
    """Hands stored jobs to workers again."""

    def resend(self, job: StoredJob) -> None:
        """Return when the job's own queue has it again, under the same job id and in the same message group.

        On a FIFO queue each replay has a deduplication id of its own; the same replay sent twice arrives once.

        Raises:
            Unavailable: the queue could not take it; sending again is safe.
        """


class EventBus(Protocol):
    """Publishes to every gateway. Nothing is stored: without a subscriber it is dropped."""

    def publish(self, topic: Topic, event: Event, *, except_user: str | None = None, must_arrive: bool = False) -> None:
        """Push an event to every connection that listens to the topic, except one user's.

        Most events only hurry what is found by asking too: where the bus is away they are lost, and that is logged.

        Raises:
            Unavailable: the event must arrive, and the bus did not answer; whether it was pushed is unknown.
        """

    def close(self, topic: Topic, code: int, *, reason: str = "", **only: str) -> None:
        """Order gateways to close the topic's connections with a WebSocket code; `only` narrows by attribute.

        An order that is lost because the bus is away is logged.
        """


Readings = Iterable[tuple[dict[str, str], float]]
"""Values by their labels."""


class Metrics(Protocol):
    """Counts what happens, by the names of `shared.kernel.measures`; none of it fails, waits or is worth a thought."""

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter."""

    def observe(self, name: str, value: float, **labels: str) -> None:
        """Record one value of a distribution."""


class Gauges(Protocol):
    """What is told of as it stands, by the same names."""

    def watch(self, name: str, read: Callable[[], Readings]) -> None:
        """Have a counter or a gauge read whenever metrics are told, in a thread of its own; it must be quick."""


class Log(Protocol):
    """A structured log of what happened."""

    def info(self, event: str, **fields: Any) -> Any:
        """Record something that happened."""

    def warning(self, event: str, **fields: Any) -> Any:
        """Record something that a person may want to look at."""


class Epochs(Protocol):
    """The sequence of a room's messages."""

    def begin(self, room_id: str) -> None:
        """Open the first epoch of a new room; again changes nothing."""


class RoomActivity(Protocol):
    """What a stored message changes of its room."""

    def spoken(self, room_id: str, at: str) -> None:
        """Move the room's lastMessageAt forward, never back, and make a CREATED room ACTIVE."""


class Leaving(Protocol):
    """Presence in rooms, as far as leaving goes."""

    def leave(self, room_id: str, user_id: str, connection_id: str) -> list[str] | None:
        """Note that a connection is gone; return the users present where that changed."""


class ClosingChannels(Protocol):
    """Users' open channels, as far as closing goes."""

    def close(self, user_id: str, connection_id: str) -> None:
        """Note that a channel is gone; again changes nothing."""


class OpenChannels(Protocol):
    """Users' open channels, over all gateways."""

    def is_open(self, user_id: str) -> bool:
        """Tell whether a user has a channel of their own open."""


class PasswordHasher(Protocol):
    """Hashes passwords slowly, off the event loop."""

    def hash(self, password: str) -> str:
        """Return a salted hash; passwords of any length and script count whole."""

    def matches(self, password: str, hashed: str) -> bool:
        """Tell whether the password is the one that was hashed."""


class EmailOwners(Protocol):
    """The people whom e-mails name."""

    def owner(self, email: str) -> str | None:
        """Return the userId of the person who has proved this e-mail, as things stand."""


class Relations(Protocol[Found]):
    """The pairs of tutor and student."""

    def relation(self, tutor_id: str, student_id: str) -> Found | None:
        """Return a relation as it stands after every change acknowledged so far."""


class TakenPushes(Protocol):
    """The pushes that a channel took; none of it fails."""

    def was_taken(self, token: str) -> bool:
        """Tell whether a push was confirmed by now, in time or late."""

    def note_taken(self, token: str) -> None:
        """Note that a channel took it otherwise."""


class JobTypes(Protocol):
    """The jobs that workers know."""

    def __call__(self, task: str | None, /) -> type[Job] | None:
        """Return the type with that wire name."""


class JobFailures(Protocol):
    """Tells clients of jobs that nobody will do."""

    def fail(self, job_id: str, error: str) -> None:
        """End a job with the code of an error, and tell its owner; one that is unknown or has ended changes nothing."""


class JobTracker(JobFailures, Protocol):
    """Tells clients how the jobs go on that they wait for.

    A step on an unknown job changes nothing, nor one on a job that has ended. A push that is lost is found by asking.
    """

    def record(self, job_id: str, kind: str, user_id: str) -> None:
        """Let a client ask about a job from now on; the same id again changes nothing."""

    def progress(self, job_id: str, stage: str | None = None, result: dict[str, Any] | None = None) -> None:
        """Say how far a job is."""

    def complete(self, job_id: str, result: dict[str, Any] | None = None) -> None:
        """End a job well."""

    def refuse(self, job_id: str, refusal: DomainError) -> None:
        """End a job that can never succeed as its owner asked, with the refusal's code and sentence."""

    def restart(self, job_id: str) -> None:
        """Let a failed job begin again."""

    def is_cancelled(self, job_id: str) -> bool:
        """Tell whether its owner wants it no more."""


class Narrator(Protocol):
    """Has things spoken; every method raises Unavailable where the queue does not take it."""

    def say_sentence(self, text: str, *, user_id: str, request_id: str, index: int) -> None:
        """Have one sentence of an answer spoken; the user is pushed `audioReady` when it can be heard."""

    def say_whole(self, sentences: list[str], *, user_id: str, job_id: str) -> None:
        """Have sentences spoken as the voice Job of that id, from those that are spoken already.

        Again changes nothing.
        """


class Purse(Protocol):
    """What a user may still spend today; states of every kind that was asked for, after the step."""

    def hold(self, user_id: str, purpose: str, amounts: dict[Kind, int]) -> dict[Kind, BudgetState]:
        """Count amounts as used before they are, except of a kind that is spent; again for a purpose changes nothing.

        The states are those before the hold: SPENT means that nothing more of the kind may be used.
        """

    def settle(self, user_id: str, purpose: str, amounts: dict[Kind, int]) -> None:
        """Replace what was held by what it was; the user is told where a budget came nearer to its end."""

    def give_back(self, user_id: str, purpose: str) -> None:
        """Count what was held as unused; what was settled stays."""


class Transcriber(Protocol):
    """Hears."""

    def hear(self, key: str, *, partial: Partial | None = None) -> Heard:
        """Return what is said in a recording of the bucket, of at most 60 s.

        `partial` is told all that is heard by now, each time that it changes, where the service tells it; what it
        raises is raised.

        Raises:
            Unavailable: the service does not answer; another try may help.
            Invalid: the recording cannot be read, or is too long.
        """
