"""What pollers and workers tell operators, in lists."""

from collections.abc import Sequence

from shared.domains.operations.errors import WorkerRefused
from shared.domains.operations.models import (
    DrainProgress,
    GroupLoad,
    Letters,
    QueueDepth,
    Sample,
    WhyRefused,
    WorkerSign,
)
from shared.kernel.errors import Unavailable
from shared.kernel.ports import Clock


class MemoryOperations:
    """The ports QueueHistory and WorkerSigns for one thread; while `is_away` nothing answers."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nothing."""
        self._clock = clock
        self._samples: list[Sample] = []
        self._signs: dict[str, tuple[float, WorkerSign]] = {}
        self._turn: tuple[str, float] = ("", 0.0)
        self.is_away = False

    def note(self, sample: Sample) -> None:
        """Keep a sample."""
        self._answer()
        self._samples.append(sample)

    def samples(self) -> list[Sample]:
        """Return the samples, oldest first."""
        self._answer()
        return list(self._samples)

    def may_poll(self, poller: str, seconds: float) -> bool:
        """Take the turn, or keep it."""
        self._answer()
        holder, until = self._turn
        if holder not in ("", poller) and self._now() < until:
            return False
        self._turn = (poller, self._now() + seconds)
        return True

    def tell(self, sign: WorkerSign, *, keep_seconds: float) -> None:
        """Keep a sign."""
        self._answer()
        self._signs[f"{sign.name}@{sign.host}"] = (self._now() + keep_seconds, sign)

    def living(self) -> list[WorkerSign]:
        """Return the signs that are kept, by name."""
        self._answer()
        return [sign for _, (until, sign) in sorted(self._signs.items()) if self._now() < until]

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _answer(self) -> None:
        if self.is_away:
            raise Unavailable("Nothing is kept now.")


class MemoryQueueDepths:
    """The port QueueDepths, whose numbers are set."""

    def __init__(self, depths: list[QueueDepth]) -> None:
        """Begin with some."""
        self.depths = depths
        self.reads = 0
        self.is_away = False

    def read(self) -> list[QueueDepth]:
        """Return what was set."""
        self.reads += 1
        if self.is_away:
            raise Unavailable("SQS does not answer.")
        return self.depths


class MemoryWorkerControl:
    """The port WorkerControl for workers whose places are set; those with None have threads, which never grow."""

    def __init__(self, places: dict[str, int | None]) -> None:
        """Begin with workers that do nothing."""
        self.places = places
        self.draining: set[str] = set()

    def drain(self, worker: str) -> DrainProgress:
        """Take no more."""
        self._answer(worker)
        self.draining.add(worker)
        return DrainProgress(0, 0)

    def grow(self, worker: str, places: int) -> int:
        """Add what is missing."""
        self._answer(worker)
        known = self.places[worker]
        if worker in self.draining:
            raise WorkerRefused(WhyRefused.DRAINING)
        if known is None:
            raise WorkerRefused(WhyRefused.FIXED_POOL)
        if places < known:
            raise WorkerRefused(WhyRefused.FEWER)
        self.places[worker] = places
        return places

    def _answer(self, worker: str) -> None:
        if worker not in self.places:
            raise Unavailable("The worker does not answer.")


class MemoryPublished:
    """The port Published, which lists what it was given."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.letters: list[Letters] = []
        self.loads: list[list[GroupLoad]] = []
        self.is_away = False

    def publish(self, letters: Letters, loads: Sequence[GroupLoad]) -> None:
        """Keep the numbers."""
        if self.is_away:
            raise Unavailable("CloudWatch does not answer.")
        self.letters.append(letters)
        self.loads.append(list(loads))
