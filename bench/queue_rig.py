"""Real Celery workers on an emulated SQS: started, killed, watched and always ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from bench.minisqs.emulator import ROOT, Emulator
from bench.queue_worker import Setup, build

Mark = list[str]
ON_A_BUSY_MACHINE = 3


class Late(AssertionError):
    """Something did not come true in time."""


def until(true: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait until something holds and return it.

    Raises Late after so many seconds of a machine that does nothing else: thrice as many here.
    """
    end = time.monotonic() + seconds * ON_A_BUSY_MACHINE
    while True:
        value = true()
        if value:
            return value
        if time.monotonic() > end:
            raise Late(f"after {seconds} s still not: {what}")
        time.sleep(0.03)


class Worker:
    """One worker process with its pool, in a process group of its own."""

    def __init__(self, setup: Setup, log: Path, concurrency: int = 4, level: str = "INFO") -> None:
        command = [sys.executable, "-m", "celery", "-A", "bench.queue_worker", "worker", "-l", level]
        command += ["-c", str(concurrency), "--without-mingle", "--without-gossip", "--without-heartbeat"]
        command += ["-n", f"{log.stem}@host"]
        self.log, self._marks = log, Path(setup.marks)
        with log.open("a") as output:
            self.process = subprocess.Popen(
                command, env=setup.environment(), cwd=ROOT, stdout=output, stderr=output, start_new_session=True
            )

    def wait_ready(self, seconds: float = 40) -> None:
        """Wait until it consumes. Raises Late, with its log, if it does not."""
        try:
            sign = f" ready {self.log.stem}@"
            until(lambda: sign in self._marks.read_text() or not self.is_alive(), seconds, "the worker is ready")
            assert self.is_alive()
        except AssertionError as error:
            raise Late(self.log.read_text()[-3000:]) from error

    def is_alive(self) -> bool:
        """Whether the main process runs."""
        return self.process.poll() is None

    def pool_processes(self) -> list[int]:
        """The pool's processes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(child) for child in children]

    def terminate(self) -> None:
        """Ask it to stop, as a platform does."""
        self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and its pool at once, and wait for that."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def wait_end(self, seconds: float) -> int:
        """Wait for its end; its exit code. Raises Late."""
        until(lambda: not self.is_alive(), seconds, "the worker has ended")
        return int(self.process.returncode)

    def processor_seconds(self) -> float:
        """The processor time that it and its pool have used so far."""
        ticks = 0
        for process in [self.process.pid, *self.pool_processes()]:
            fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_mib(self) -> float:
        """The memory of the main process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


class Rig:
    """An emulator with the setup's queues and their dead letters, an app to send with, and workers on demand."""

    def __init__(
        self, folder: Path, latency_ms: float = 0.0, attributes: dict[str, str] | None = None, **chosen: Any
    ) -> None:
        self.folder = folder
        self.emulator = Emulator()
        self.setup = Setup(url=self.emulator.url, marks=str(folder / "marks"), **chosen)
        (folder / "marks").touch()
        self.workers: list[Worker] = []
        for name in self.setup.queues:
            stem = name.removesuffix(".fifo")
            self.emulator.create(name, VisibilityTimeout=str(self.setup.lease_seconds), **(attributes or {}))
            self.emulator.create(f"{stem}-dlq{name[len(stem) :]}")
        self.emulator.control("latency", seconds=latency_ms / 1000)
        self.app = build(self.setup)

    def __enter__(self) -> Rig:
        """Nothing more to do."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Kill what runs, whatever happened."""
        for worker in self.workers:
            worker.kill()
        self.emulator.__exit__(None, None, None)

    @property
    def queue(self) -> str:
        """The first queue."""
        return self.setup.queues[0]

    def start(self, concurrency: int = 4, *, ready: bool = True, level: str = "INFO", **changed: Any) -> Worker:
        """Start a worker, with changes to the setup if any, and wait until it is ready."""
        log = self.folder / f"worker{len(self.workers)}.log"
        worker = Worker(replace(self.setup, **changed), log, concurrency, level)
        self.workers.append(worker)
        if ready:
            worker.wait_ready()
        return worker

    def send(self, task: str, *args: Any, **options: Any) -> str:
        """Send a task with the transport under test; its id."""
        return str(self.app.send_task(task, args=args, **options).id)

    def send_body(self, body: str, queue: str | None = None, **given: Any) -> None:
        """Send a raw message."""
        address = f"{self.emulator.url}/123456789012/{queue or self.queue}"
        self.emulator.call("SendMessage", QueueUrl=address, MessageBody=body, **given)

    def marks(self, *words: str) -> list[Mark]:
        """The marks that tasks left, by their words; those that begin with these words if any are given."""
        lines = [line.split() for line in (self.folder / "marks").read_text().splitlines()]
        return [line for line in lines if line[2 : 2 + len(words)] == list(words)]

    def wait_mark(self, *words: str, seconds: float = 15, times: int = 1) -> list[Mark]:
        """Wait until so many such marks are there, and return them. Raises Late."""
        what = f"{times} times the mark {' '.join(words)}"
        until(lambda: len(self.marks(*words)) >= times, seconds, what)
        return self.marks(*words)

    def is_empty(self, queue: str | None = None) -> bool:
        """Whether a queue holds nothing: ready, in flight or delayed."""
        return not any(self.emulator.counts(queue or self.queue).values())

    def wait_empty(self, seconds: float = 15, queue: str | None = None) -> None:
        """Wait until a queue holds nothing. Raises Late."""
        until(lambda: self.is_empty(queue), seconds, "the queue is empty")
