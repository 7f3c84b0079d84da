"""Workers of every queue on the laptop's AWS: busy, killed, stopped, and what became of their jobs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any

from celery import Celery
from kombu import Queue as KombuQueue

from bench.queue_rig import until
from bench.recovery_worker import MARKS, TIMED
from embedded.running import embedded_aws, embedded_redis, endpoint_url
from shared.adapters.aws.resources.bucket import Bucket
from shared.adapters.aws.resources.queues import Queues
from shared.adapters.aws.resources.table import Table
from shared.adapters.celery_broker import broker_settings
from shared.adapters.celery_jobs import CeleryJobs
from shared.kernel.queues import POLICIES, Queue
from shared.kernel.settings import read_settings
from shared.wiring import WorkerContext

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 60.0
RECOVERED_SECONDS = 60.0
Mark = dict[str, Any]


class Kind(Enum):
    """What a worker runs jobs in."""

    THREADS = "threads"
    PROCESSES = "processes"


QUEUES = {
    Kind.PROCESSES: (Queue.SPEECH, Queue.GRAPH_REQUESTS),
    Kind.THREADS: tuple(queue for queue in Queue if queue not in (Queue.SPEECH, Queue.GRAPH_REQUESTS)),
}
AT_ONCE = {Kind.THREADS: 24, Kind.PROCESSES: 4}
"""Jobs that one worker runs at once; a round has as many, so that each of two has room for what the other held."""


class Crew:
    """An AWS, a Redis, and workers; a context manager that ends all of them."""

    def __init__(self, folder: Path) -> None:
        """Start AWS and Redis, and make the queues."""
        self._folder = folder
        self._aws, self._redis = embedded_aws(folder / "aws").start(), embedded_redis(folder / "redis").start()
        self._marks = folder / "marks"
        self._marks.touch()
        self._environment = {
            "AWS_ENDPOINT_URL": endpoint_url(self._aws),
            "REDIS_URL": f"redis://127.0.0.1:{self._redis.port}/0",
            "LOG_FILE": str(folder / "log.jsonl"),
            "PYTHONPATH": str(ROOT),
            MARKS: str(self._marks),
        }
        context = WorkerContext(read_settings(**{name.lower(): value for name, value in self._environment.items()}))
        self._sqs = context.aws.sqs
        self._urls = Queues(context.aws.sqs, context.settings).provision()
        Table(context.aws.dynamodb, context.settings.chat_table_name).provision()
        Bucket(context.aws.s3, context.settings.chat_bucket_name, context.settings.aws_region_name).provision()
        self._jobs = CeleryJobs(context.aws, context.claims, _producer(broker_settings(context.settings)))
        self._workers: dict[Kind, list[subprocess.Popen[bytes]]] = {kind: [] for kind in Kind}
        self._count = 0

    def __enter__(self) -> Crew:
        """Nothing more to do."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Kill everything."""
        for worker in [one for workers in self._workers.values() for one in workers]:
            _kill(worker)
        self._aws.kill()
        self._redis.kill()

    def start(self, kind: Kind) -> subprocess.Popen[bytes]:
        """Start one more worker of a kind, and return when it consumes."""
        self._count += 1
        output = self._folder / f"worker{self._count}.out"
        names = ",".join(queue.value for queue in QUEUES[kind])
        command = [sys.executable, "-m", "celery", "-A", "bench.recovery_worker", "worker", "-n", f"w{self._count}@b"]
        command += ["-Q", names, "-c", str(AT_ONCE[kind]), "--without-gossip", "--without-mingle"]
        pool = {"WORKER_POOL": "prefork" if kind is Kind.PROCESSES else "threads"}
        with output.open("wb") as said:
            worker = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | self._environment | pool,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._workers[kind].append(worker)
        until(lambda: worker.pid in {one["pid"] for one in self._read("ready")}, READY_SECONDS, output.name)
        return worker

    def kill_while_busy(self, name: str, seconds: float) -> dict[Queue, list[float]]:
        """Give two workers of each kind half of what they can do, kill one of each, and return how soon its jobs were
        begun by the other.
        """
        doomed = {kind: self.start(kind) for kind in Kind}
        labels = [label for kind in Kind for label in self._fill(kind, name, seconds, AT_ONCE[kind])]
        self._wait_begun(labels)
        for worker in doomed.values():
            _kill(worker)
        died = time.time()
        held = self._held(labels)
        until(lambda: all(self._again(label, died) for label in held), RECOVERED_SECONDS, "all went on")
        self._wait_done(labels)
        found: dict[Queue, list[float]] = {queue: [] for queue in Queue}
        for label in held:
            found[Queue(label.split(" ")[1])].append(self._again(label, died) - died)
        return found

    def stop_idle(self, kind: Kind) -> float:
        """Start a worker, tell it to stop at once, and return how long that took."""
        worker = self.start(kind)
        return self._stopped(worker, kind)

    def stop_busy(self, kind: Kind, seconds: float) -> tuple[float, list[float]]:
        """Fill a worker with long jobs and stop it; return how long that took, and when others began each job."""
        for other in self._workers[kind]:
            _kill(other)
        worker = self.start(kind)
        labels = self._fill(kind, "stop", seconds, AT_ONCE[kind])
        self._wait_begun(labels)
        took = self._stopped(worker, kind)
        ended = time.time()
        self.start(kind)
        ready = time.time()
        until(lambda: all(self._again(label, ended) for label in labels), RECOVERED_SECONDS, "all went on")
        return took, [self._again(label, ended) - ready for label in labels]

    def _stopped(self, worker: subprocess.Popen[bytes], kind: Kind) -> float:
        began = time.monotonic()
        worker.terminate()
        worker.wait(RECOVERED_SECONDS)
        self._workers[kind].remove(worker)
        return time.monotonic() - began

    def _fill(self, kind: Kind, name: str, seconds: float, count: int) -> list[str]:
        each = count // len(QUEUES[kind])
        labels = [
            f"{name} {queue} {number}"
            for queue in QUEUES[kind]
            for number in range(min(each, POLICIES[queue].at_once or each))
        ]
        for label in labels:
            self._jobs.enqueue(TIMED[Queue(label.split(" ")[1])](label=label, seconds=seconds))
        return labels

    def _wait_begun(self, labels: list[str]) -> None:
        wanted = set(labels)
        until(lambda: wanted <= {one["label"] for one in self._read("begin")}, READY_SECONDS, "all have begun")

    def _wait_done(self, labels: list[str]) -> None:
        wanted = set(labels)
        until(lambda: wanted <= {one["label"] for one in self._read("end")}, RECOVERED_SECONDS, "all are done")

    def _held(self, labels: list[str]) -> list[str]:
        """Return the jobs whose only run was that of a process that is no more, and had not come to its end."""
        living = {worker.pid for workers in self._workers.values() for worker in workers if worker.poll() is None}
        groups = {one["label"]: one["pid"] for one in self._read("begin")}
        done = {one["label"] for one in self._read("end")}
        return [label for label in labels if label not in done and _group_of(groups[label]) not in living]

    def _again(self, label: str, after: float) -> float:
        """Return when a job was begun after a moment; 0 where it was not."""
        times = [float(one["at"]) for one in self._read("begin") if one["label"] == label and one["at"] > after]
        return min(times, default=0.0)

    def _read(self, kind: str) -> list[Mark]:
        marks = [json.loads(line) for line in self._marks.read_text("utf-8").splitlines()]
        return [one for one in marks if one["kind"] == kind]


def _producer(settings: dict[str, Any]) -> Celery:
    app = Celery("recovery", set_as_current=False)
    app.conf.update(
        settings, task_queues=[KombuQueue(queue.value) for queue in Queue], task_create_missing_queues=False
    )
    return app


def _group_of(pid: int) -> int:
    """Return the process group, which is the worker's own number; 0 where the process is gone."""
    with suppress(ProcessLookupError):
        return os.getpgid(pid)
    return 0


def _kill(worker: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
