"""The workers' application with the trial jobs in place of the product's."""

import json
import os
import sys
import time
from pathlib import Path

from shared.kernel.errors import Invalid, Unavailable
from shared.wiring import WorkerContext, build_worker
from tests.workers.trial_jobs import BUG, INVALID, OK, UNAVAILABLE, Trial, TrialInOrder, TrialOnce
from workers.assembly import assemble
from workers.handling import handles

MARKS = Path(os.environ["TRIAL_MARKS"])


def marks_of(label: str) -> list[dict[str, object]]:
    return [mark for mark in map(json.loads, MARKS.read_text().splitlines()) if mark["label"] == label]


def leave_mark(label: str, kind: str, **fields: object) -> None:
    with MARKS.open("a") as file:
        file.write(json.dumps({"label": label, "kind": kind, "pid": os.getpid(), "at": time.time(), **fields}) + "\n")


def take_step(job: Trial, context: WorkerContext) -> None:
    run = sum(mark["kind"] == "begin" for mark in marks_of(job.label))
    leave_mark(job.label, "begin", characters=len(job.text), remaining=context.deadline.remaining())
    step = job.steps[min(run, len(job.steps) - 1)]
    if step == UNAVAILABLE:
        raise Unavailable("It does not answer.")
    if step == BUG:
        raise RuntimeError("nobody expected this")
    if step == INVALID:
        raise Invalid("It can never be done.")
    if step != OK:
        time.sleep(float(step))
    leave_mark(job.label, "end")


@handles(Trial)
def trial(job: Trial, context: WorkerContext) -> None:
    take_step(job, context)


@handles(TrialOnce)
def trial_once(job: TrialOnce, context: WorkerContext) -> None:
    take_step(job, context)


@handles(TrialInOrder)
def trial_in_order(job: TrialInOrder, context: WorkerContext) -> None:
    take_step(job, context)


app = assemble(build_worker(), [sys.modules[__name__]])
