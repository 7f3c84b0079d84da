"""The workers of `bench.recovery`: the product's own, with one job a queue that takes as long as it is told."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

from celery.signals import worker_ready

from shared.kernel.contract import Job
from shared.kernel.queues import Queue
from shared.wiring import WorkerContext, build_worker
from workers.assembly import assemble
from workers.handling import handles

MARKS = "RECOVERY_MARKS"


class Timed(Job):
    """Take some seconds, and effect once: what is once only is recovered last, since its book of runs is asked too."""

    name: ClassVar[str] = "recovery.timed"
    queue: ClassVar[Queue] = Queue.TTS
    idempotent: ClassVar[bool] = False

    label: str
    seconds: float

    def fair_share_group(self) -> str | None:
        """Return a group of its own."""
        return self.label.replace(" ", "-")


def timed_on(queue: Queue) -> type[Timed]:
    """Return the job of one queue."""
    name = queue.value.split(".")[0].replace("-", "_")
    own: dict[str, Any] = {"name": f"recovery.{name}", "queue": queue, "__module__": __name__, "__doc__": Timed.__doc__}
    own["__annotations__"] = {"name": ClassVar[str], "queue": ClassVar[Queue]}
    return type(f"Timed_{name}", (Timed,), own)


TIMED = {queue: timed_on(queue) for queue in Queue}


def mark(kind: str, label: str) -> None:
    """Leave a line: what happened, to which job, in which process, when."""
    line = json.dumps({"kind": kind, "label": label, "pid": os.getpid(), "at": time.time()})
    with Path(os.environ[MARKS]).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def take_time(job: Timed, context: WorkerContext) -> None:
    """Leave a mark before and after."""
    mark("begin", job.label)
    time.sleep(job.seconds)
    mark("end", job.label)


def _task_of(queue: Queue) -> Any:
    def task(job: Timed, context: WorkerContext) -> None:
        take_time(job, context)

    return handles(TIMED[queue])(task)


for _queue in Queue:
    setattr(sys.modules[__name__], f"task_{TIMED[_queue].name.partition('.')[2]}", _task_of(_queue))


def note_ready(sender: Any, **_fields: Any) -> None:
    """Leave a mark when the worker consumes."""
    mark("ready", str(sender.hostname))


if MARKS in os.environ:
    worker_ready.connect(note_ready, weak=False)
    app = assemble(build_worker(), [sys.modules[__name__]])
