"""Real worker processes on an embedded AWS: started, watched, killed, and always ended."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from celery import Celery
from kombu import Queue as KombuQueue

from shared.adapters.aws.resources.bucket import Bucket
from shared.adapters.aws.resources.queues import Queues
from shared.adapters.aws.resources.table import Table
from shared.adapters.celery_broker import broker_settings
from shared.adapters.celery_jobs import CeleryJobs
from shared.kernel.ports import StoredJob
from shared.kernel.queues import Queue
from shared.kernel.settings import Settings, read_settings
from shared.wiring import WorkerContext
from tests.workers.trial_jobs import Trial

ROOT = Path(__file__).parents[2]
LEASE_SECONDS = 3
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
ALL = (Queue.TTS, Queue.SPEECH, Queue.AI_CHAT)

Found = TypeVar("Found")


def until(found: Callable[[], Found], what: str, seconds: float = 180.0) -> Found:
    """Wait until something is found, and return it."""
    end = time.monotonic() + seconds
    while not (value := found()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.03)
    return value


class Worker:
    """One worker process with threads."""

    def __init__(self, name: str, queues: tuple[Queue, ...], environment: dict[str, str], output: Path) -> None:
        self.output = output
        names = ",".join(queue.value for queue in queues)
        command = [sys.executable, "-m", "celery", "-A", "tests.workers.trial_app", "worker", "-n", f"{name}@test"]
        command += ["-Q", names, "-c", "4", "--without-gossip", "--without-mingle"]
        with output.open("w") as file:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def is_ready(self) -> bool:
        assert self.is_alive, self.output.read_text()
        return "[queues]" in self.output.read_text()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self, seconds: float = 60.0) -> int:
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


class Crew:
    """Queues, a table and a bucket of their own, and the workers on them."""

    def __init__(self, endpoint: str, redis_url: str, folder: Path, name: str) -> None:
        self.folder, self._name = folder, name
        self.marks_file = folder / f"{name}.marks"
        self.marks_file.touch()
        self.log = folder / f"{name}.jsonl"
        self.environment = {
            "AWS_ENDPOINT_URL": endpoint,
            "REDIS_URL": redis_url,
            "ENVIRONMENT": name,
            "CHAT_TABLE_NAME": f"{name}-table",
            "CHAT_BUCKET_NAME": f"{name}-bucket",
            "LEASE_SECONDS": str(LEASE_SECONDS),
            "LONG_POLL_SECONDS": "1",
            "LOG_FILE": str(self.log),
            "TRIAL_MARKS": str(self.marks_file),
            **CREDENTIALS,
            "PYTHONPATH": str(ROOT),
        }
        self.workers: list[Worker] = []
        self._provision()

    @cached_property
    def settings(self) -> Settings:
        return read_settings(**{name.lower(): value for name, value in self.environment.items()})

    @cached_property
    def context(self) -> WorkerContext:
        return WorkerContext(self.settings)

    @cached_property
    def app(self) -> Celery:
        app = Celery("trial", set_as_current=False)
        queues = [KombuQueue(queue.value) for queue in Queue]
        app.conf.update(broker_settings(self.settings), task_queues=queues, task_create_missing_queues=False)
        return app

    @cached_property
    def jobs(self) -> CeleryJobs:
        return CeleryJobs(self.context.aws, self.context.claims, self.app)

    def _provision(self) -> None:
        aws, settings = self.context.aws, self.settings
        self.urls = Queues(aws.sqs, settings).provision()
        Table(aws.dynamodb, settings.chat_table_name).provision()
        Bucket(aws.s3, settings.chat_bucket_name, settings.aws_region_name).provision()

    def url(self, queue: Queue) -> str:
        return self.urls[self.settings.physical_name(queue.value)]

    def start(self, *queues: Queue, ready: bool = True, **changed: str) -> Worker:
        name = f"{self._name}-{len(self.workers)}"
        environment = {**os.environ, **self.environment, **changed}
        worker = Worker(name, queues or ALL, environment, self.folder / f"{name}.out")
        self.workers.append(worker)
        if ready:
            until(worker.is_ready, "the worker is ready")
        return worker

    def ensure(self, count: int) -> list[Worker]:
        """Have so many workers on all queues."""
        alive = [worker for worker in self.workers if worker.is_alive]
        fresh = [self.start(ready=False) for _ in range(count - len(alive))]
        for worker in fresh:
            until(worker.is_ready, "the worker is ready")
        return alive + fresh

    def end(self) -> None:
        for worker in self.workers:
            with suppress(ProcessLookupError):
                worker.process.kill()
            worker.process.wait()

    def send(self, job: Trial, job_id: str | None = None) -> None:
        """Enqueue a job; with an id, as if its message were one of several of the same job."""
        if job_id is None:
            self.jobs.enqueue(job)
        else:
            self.resend(job.name, job.queue, job.wire(), job_id)

    def resend(self, task: str, queue: Queue, arguments: Any, job_id: str, replays: int = 0) -> None:
        self.jobs.resend(StoredJob(job_id, task, queue.value, arguments, group="g", replays=replays))

    def marks(self, label: str, kind: str) -> list[dict[str, Any]]:
        found = map(json.loads, self.marks_file.read_text().splitlines())
        return [mark for mark in found if (mark["label"], mark["kind"]) == (label, kind)]

    def wait_marks(self, label: str, kind: str, count: int = 1) -> list[dict[str, Any]]:
        until(lambda: len(self.marks(label, kind)) >= count, f"{count} times {kind} of {label}")
        return self.marks(label, kind)

    def lines(self, event: str, **fields: Any) -> list[dict[str, Any]]:
        """The workers' log lines of an event."""
        found = map(json.loads, self.log.read_text().splitlines())
        return [line for line in found if {"event": event, **fields}.items() <= line.items()]

    def is_empty(self, queue: Queue) -> bool:
        names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.context.aws.sqs.get_queue_attributes(QueueUrl=self.url(queue), AttributeNames=names)
        return not any(map(int, answer["Attributes"].values()))

    def wait_empty(self, queue: Queue) -> None:
        until(lambda: self.is_empty(queue), f"{queue} is empty")

    def letter(self) -> dict[str, Any]:
        """Take the next letter from the queue of dead letters."""
        url, sqs = self.url(Queue.DEAD_LETTERS), self.context.aws.sqs
        [message] = until(
            lambda: sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, MaxNumberOfMessages=1).get("Messages"),
            "a letter",
        )
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        [arguments], _, _ = json.loads(json.loads(message["Body"])["body"])
        letter: dict[str, Any] = self.context.claims.fetch(arguments)["letter"]
        return letter
