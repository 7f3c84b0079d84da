"""An emulator in a process of its own, and what tests and benchmarks ask of it."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Emulator:
    """Starts an emulator on a free port of loopback; a context manager. It ends with its starter, even a killed one."""

    def __init__(self, latency_ms: float = 0.0) -> None:
        command = [sys.executable, "-m", "bench.minisqs", "0", str(latency_ms)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Emulator:
        """Nothing more to do: it serves since it was made."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """End it, and everything in it."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.kill()
        self._process.wait()

    def call(self, action: str, **given: Any) -> dict[str, Any]:
        """Call SQS's own action without a client library. Raises AssertionError with the refusal."""
        return self._post("/", given, {"X-Amz-Target": f"AmazonSQS.{action}"})

    def control(self, verb: str, **given: Any) -> dict[str, Any]:
        """Steer the emulator: fault, latency, reset, log, contents, stats."""
        return self._post(f"/control/{verb}", given, {})

    def create(self, name: str, **attributes: str) -> str:
        """Create a queue; its address."""
        return str(self.call("CreateQueue", QueueName=name, Attributes=attributes)["QueueUrl"])

    def counts(self, queue: str) -> dict[str, int]:
        """How many messages of a queue are ready, in flight, delayed."""
        counts: dict[str, int] = self.control("stats")["queues"][queue]
        return counts

    def letters(self, queue: str) -> list[dict[str, str]]:
        """The string attributes of the messages in a queue of dead letters, with the body."""
        messages = self.control("contents", queue=queue)["messages"]
        return [
            {"body": m["body"], **{name: a.get("StringValue", "") for name, a in m["attributes"].items()}}
            for m in messages
        ]

    def calls(self) -> int:
        """API calls since the last reset."""
        return sum(self.control("stats")["calls"].values())

    def _post(self, path: str, given: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", path, json.dumps(given), headers)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        assert answer.status == 200, body
        read: dict[str, Any] = json.loads(body)
        return read
