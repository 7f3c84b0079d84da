"""The rules of judging the platform at a glance: five numbers, and the worst problem in one sentence."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from shared.domains.operations.contract import (
    PlatformProblem,
    PlatformStatus,
    QueueItem,
    QueueList,
    WorkerItem,
    WorkerList,
)
from shared.domains.operations.models import ProblemKind, Trend
from shared.kernel.errors import Text


@dataclass(frozen=True)
class Findings:
    """What was found out; None where nobody could tell, and then `silent` says what did not answer.

    `still` are the workers of the list that have told nothing for longer than a living one does, and for how many
    seconds.
    """

    queues: QueueList | None = None
    workers: WorkerList | None = None
    connections: int | None = None
    gateways: int | None = None
    letters: dict[str, int] | None = None
    late: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    still: list[tuple[WorkerItem, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Numbers:
    """The five numbers."""

    connections: int | None
    workers: int | None
    waiting: int | None
    oldest_seconds: float | None
    letters: int | None


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, as a sentence that names it and what to do."""

    kind: ProblemKind
    text: Text


def numbers_of(found: Findings) -> Numbers:
    """Return the five numbers; None is one that nobody could tell."""
    queues = found.queues.queues if found.queues else None
    ages = [one.oldest_seconds for one in queues or [] if one.oldest_seconds is not None]
    return Numbers(
        connections=found.connections,
        workers=len(found.workers.workers) - len(found.still) if found.workers else None,
        waiting=sum(one.depth for one in queues) if queues is not None else None,
        oldest_seconds=max(ages, default=0.0) if queues is not None else None,
        letters=sum(found.letters.values()) if found.letters is not None else None,
    )


def show_status(found: Findings, language: str) -> PlatformStatus:
    """Return the five numbers and what is wrong, in somebody's language."""
    told = [PlatformProblem(kind=one.kind, sentence=one.text.localized(language)) for one in problems(found)]
    return PlatformStatus(**asdict(numbers_of(found)), problems=told)


def worst_problem(found: Findings) -> Problem | None:
    """Return the worst problem; None where nothing is wrong."""
    return next(problems(found), None)


def problems(found: Findings) -> Iterator[Problem]:
    """Give every problem, the worst first."""
    for name in found.silent:
        yield _service_away(name)
    if found.gateways == 0:
        yield _NO_GATEWAY
    queues = found.queues.queues if found.queues else []
    yield from _unattended(queues, set(found.workers.unattended) if found.workers else set())
    for worker, seconds in sorted(found.still, key=lambda one: -one[0].running):
        yield _silent(worker, seconds)
    if found.late:
        yield _late(", ".join(found.late))
    for one in sorted(queues, key=_excess, reverse=True):
        if _excess(one) > 1:
            yield _waits(one)
    if found.letters and (count := sum(found.letters.values())):
        yield _letters(count)
    for one in queues:
        if one.dead_letters:
            yield _no_letters_made(one)


def _service_away(name: str) -> Problem:
    text = Text(
        f"{name} does not answer: nothing goes on without it.",
        f"{name}에서 응답이 없어요. 없으면 아무것도 진행되지 않아요.",
    )
    return Problem(ProblemKind.SERVICE_AWAY, text)


_NO_GATEWAY = Problem(
    ProblemKind.NO_GATEWAY,
    Text(
        "No gateway has told of itself for two minutes: nobody can connect. Start `web`.",
        "2분 동안 게이트웨이 소식이 없어 아무도 접속할 수 없어요. `web`을 시작해 주세요.",
    ),
)


def _unattended(queues: list[QueueItem], unattended: set[str]) -> Iterator[Problem]:
    depths = {one.queue: one.depth for one in queues}
    for name in sorted(unattended, key=lambda queue: (-depths.get(queue, 0), queue)):
        waiting = depths.get(name, 0)
        jobs = f"{_jobs_wait(waiting)} on {name} and no worker listens to it" if waiting else f"No worker reads {name}"
        text = Text(
            f"{jobs}: start one with `-Q {name}` (see the Procfile).",
            f"{name} 대기열을 읽는 작업자가 없어요(대기 {waiting}개). "
            f"`-Q {name}` 작업자를 시작해 주세요(Procfile 참고).",
        )
        yield Problem(ProblemKind.UNATTENDED, text)


def _jobs_wait(count: int) -> str:
    return "1 job waits" if count == 1 else f"{count} jobs wait"


def _silent(worker: WorkerItem, seconds: float) -> Problem:
    tasks = {0: "it had no task", 1: "its task goes"}.get(worker.running, f"its {worker.running} tasks go")
    goes = "" if not worker.running else " on elsewhere where another worker is there"
    text = Text(
        f"{worker.name} has been silent for {seconds:.0f} s; {tasks}{goes}. Restart it if it stays so.",
        f"{worker.name} 작업자가 {seconds:.0f}초째 조용해요(하던 일 {worker.running}개는 다른 작업자가 이어 해요). "
        "계속되면 다시 시작해 주세요.",
    )
    return Problem(ProblemKind.SILENT_WORKER, text)


def _late(names: str) -> Problem:
    text = Text(
        f"{names} late: does beat run, and the workers that do what it asks for?",
        f"예약 작업 {names}이(가) 늦어요. beat와 그 일을 할 작업자가 돌고 있나요?",
    )
    return Problem(ProblemKind.LATE_SCHEDULE, text)


def _excess(one: QueueItem) -> float:
    return (one.oldest_seconds or 0.0) / one.too_long_seconds


def _waits(one: QueueItem) -> Problem:
    headings = {
        Trend.RISING: (", and more come than are done", " 쌓이는 속도가 더 빨라요."),
        Trend.FALLING: (", and it is being worked off", " 줄어드는 중이에요."),
    }
    en, ko = headings.get(one.trend, ("", ""))
    enough = "is its one worker enough?" if one.workers == 1 else f"are its {one.workers} workers enough?"
    text = Text(
        f"A job has waited on {one.queue} for {one.oldest_seconds:.0f} s{en}: {enough}",
        f"{one.queue}에서 {one.oldest_seconds:.0f}초째 기다리는 작업이 있어요.{ko} "
        f"작업자 {one.workers}개로 충분한가요?",
    )
    return Problem(ProblemKind.WAITS_LONG, text)


def _letters(count: int) -> Problem:
    letters = "1 dead letter is" if count == 1 else f"{count} dead letters are"
    text = Text(
        f"{letters} unsettled: `speaktracker dead-letters list` shows what died, and why.",
        f"정리하지 않은 배달 불능 작업이 {count}개 있어요. "
        "`speaktracker dead-letters list`가 무엇이 왜 실패했는지 보여 줘요.",
    )
    return Problem(ProblemKind.LETTERS, text)


def _no_letters_made(one: QueueItem) -> Problem:
    text = Text(
        f"{one.dead_letters} on {one.dead_letter_queue}: the sweep should have made letters of them by now.",
        f"{one.dead_letter_queue}에 {one.dead_letters}개가 있어요. 지금쯤 배달 불능 작업으로 옮겨졌어야 해요.",
    )
    return Problem(ProblemKind.NO_LETTERS_MADE, text)
