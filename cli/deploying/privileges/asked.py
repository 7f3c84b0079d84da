"""What each line of the Procfile asks of AWS, read out of the code."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cli.deploying.privileges.operations import actions
from cli.deploying.privileges.reach import Reach
from cli.deploying.privileges.sources import ModuleSource, Sources
from shared.catalogue import JOBS, SCHEDULE
from shared.kernel.queues import POLICIES, Queue, dead_letter_queue_name

_QUEUES = re.compile(r" -Q (\S+)")
_TRANSPORT = "shared.adapters.sqs_transport"
_OF_WORKERS = ("workers.keeping", "workers.letters", "workers.outcomes", "workers.replayed", "workers.running")
_OF_DEAD_LETTERS = ("workers.schedules", "workers.signs")
_OF_FLOWER = ("shared.adapters.monitoring.sqs_depths",)
_ALL = frozenset(queue.value for queue in Queue)
_SCHEDULED = frozenset(entry.job.queue.value for entry in SCHEDULE)


@dataclass(frozen=True)
class Asked:
    """IAM actions, and the queues that are read from and sent to, by their names in the catalogue."""

    actions: frozenset[str]
    reads: frozenset[str]
    sends: frozenset[str]


def asked(sources: Sources, programs: Mapping[str, str]) -> dict[str, Asked]:
    """Return what every program may ask for in its life, by its name in the Procfile."""
    return {name: _asked(sources, command) for name, command in programs.items()}


def read_queues(command: str) -> frozenset[str]:
    """Return the queues that a line of the Procfile consumes."""
    named = _QUEUES.search(command)
    return frozenset(named[1].split(",")) if named else frozenset()


def _asked(sources: Sources, command: str) -> Asked:
    reads = read_queues(command)
    reach = Reach(sources)
    for module in _modules(sources, command, reads):
        reach.add_all_of(module)
    for module, function in _functions(sources, reads):
        reach.add(module, function)
    reach.follow()
    named = {action for operation in reach.operations for action in actions(operation)}
    sends = _sends(sources, reach, command, reads) | _letters_of(reads)
    if sources.modules["shared.adapters.aws.redrive_queues"].classes["SqsRedriveQueues"] in reach.built:
        reads |= _letters_of(_ALL)
    return Asked(frozenset(named), reads, frozenset(sends))


def _letters_of(queues: frozenset[str]) -> frozenset[str]:
    return frozenset(dead_letter_queue_name(name) for name in queues if POLICIES[Queue(name)].has_dead_letter_queue)


def _modules(sources: Sources, command: str, reads: frozenset[str]) -> Iterator[ModuleSource]:
    """Yield the modules of which everything may run in a program."""
    for name, module in sources.modules.items():
        is_gateway = "web.wsgi" in command and name.split(".")[0] == "web"
        is_worker = bool(reads) and (name.startswith(_TRANSPORT) or name in _OF_WORKERS)
        is_letters = Queue.DEAD_LETTERS in reads and name in _OF_DEAD_LETTERS
        if is_gateway or is_worker or is_letters or (" flower" in command and name in _OF_FLOWER):
            yield module


def _functions(sources: Sources, reads: frozenset[str]) -> Iterator[tuple[ModuleSource, ast.AST]]:
    """Yield functions that every program runs, those that every worker runs, and the tasks of a worker's queues."""
    places = ("shared.adapters.celery_broker", "shared.wired.settings", "workers.signals", f"{_TRANSPORT}.publisher")
    broker, settings, signals, transport = (sources.modules[name] for name in places)
    yield broker, broker.functions["queue_urls"]
    yield settings, settings.functions["deployed_settings"]
    yield signals, signals.functions["require"]
    for one in transport.functions.values():
        yield transport, one
    if reads:
        handling = sources.modules["workers.handling"]
        yield handling, handling.functions["_task"]
    types = {job.__name__: job.queue.value for job in JOBS}
    for name, module in sources.modules.items():
        if name.startswith("workers.tasks."):
            yield from ((module, one) for one in module.functions.values() if types.get(_handled(one)) in reads)


def _handled(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return the job that a task is marked with; nothing for other functions."""
    for one in function.decorator_list:
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "handles":
            return ast.unparse(one.args[0])
    return ""


def _sends(sources: Sources, reach: Reach, command: str, reads: frozenset[str]) -> set[str]:
    """Return the queues of all jobs that are made on the way; replays, and Flower, send to any queue."""
    jobs = sources.modules["shared.adapters.celery_jobs"].classes["CeleryJobs"]
    if reach.runs(jobs.methods["resend"]) or " flower" in command:
        return set(_ALL)
    made = {one.name for one in reach.named}
    found = {job.queue.value for job in JOBS if job.__name__ in made} | reads
    return found | (_SCHEDULED if " beat" in command or Queue.DEAD_LETTERS in reads else set())
