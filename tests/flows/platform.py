"""The whole platform, started by its command line as a person would start it, and looked into from outside."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import boto3
import httpx
import redis
from boto3.dynamodb.types import TypeDeserializer

from cli.ports import choose_ports
from cli.running import Running, descendants, running

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = "https://app.example.com"
START_SECONDS = 330.0
STOP_SECONDS = 60.0
_OTHERS = ("AWS_ENDPOINT_URL", "REDIS_URL", "RUN_DIRECTORY", "WEB_CONCURRENCY")
Found = TypeVar("Found")


def wait_for(find: Callable[[], Found | None], what: str, seconds: float = 60.0) -> Found:
    """Return what is found, as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.02)
    return found


class Platform:
    """One running platform in a directory of its own."""

    def __init__(self, directory: Path, **settings: str) -> None:
        self.directory = directory / "run"
        self._output = directory / "output"
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self.base = f"http://127.0.0.1:{choose_ports(['web'], {})['web']}"
        self.socket = f"{self.base.replace('http', 'ws', 1)}/ws"

    def start(self) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in _OTHERS}
        own = {"PORT": self.base.rpartition(":")[2], "RUN_DIRECTORY": str(self.directory), "ALLOWED_ORIGINS": ORIGIN}
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cli", "up"],
                cwd=ROOT,
                env=kept | own | self._settings,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(self._is_ready, "the platform is ready", START_SECONDS)
        self.state: dict[str, Any] = json.loads((self.directory / "state.json").read_text("utf-8"))
        self.redis = redis.Redis.from_url(self.state["addresses"]["redis"])
        self.sqs, self.cognito = self.client("sqs"), self.client("cognito-idp")
        self._dynamodb = self.client("dynamodb")

    def stop(self) -> None:
        """Stop it, and prove that nothing of it is left."""
        process = self._process
        assert process is not None
        programs = self.programs()
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(STOP_SECONDS) == 0, self.said()
            assert not programs & set(running())
            said = (self.directory / "web.log").read_text("utf-8", errors="replace").splitlines()
            assert [line for line in said if line.startswith(("Traceback", "Exception ignored"))] == []
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            self.redis.close()

    def said(self) -> str:
        return self._output.read_text("utf-8", errors="replace")

    def client(self, service: str) -> Any:
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self.state["addresses"]["aws"],
            region_name=self.state["aws"]["region"],
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    # What it wrote

    def log(self) -> Iterator[dict[str, Any]]:
        for line in (self.directory / "log.jsonl").read_text("utf-8").splitlines():
            if line.startswith("{"):
                yield json.loads(line)

    def codes(self, email: str) -> list[str]:
        """Return the codes that went out to an address, the latest last."""
        return [
            str(line["code"])
            for line in self.log()
            if line.get("event") == "verification_code" and line["email"] == email
        ]

    # What it stored

    def item(self, pk: str, sk: str) -> dict[str, Any] | None:
        answer = self._dynamodb.get_item(TableName=self.table, Key=_key(pk, sk), ConsistentRead=True)
        return _plain(answer["Item"]) if "Item" in answer else None

    def items(self, pk: str, sk_prefix: str = "", index: str | None = None) -> list[dict[str, Any]]:
        """Return the items of a partition, of the table or of an index."""
        prefix = index or ""
        values = {":pk": {"S": pk}} | ({":sk": {"S": sk_prefix}} if sk_prefix else {})
        condition = f"{prefix}PK = :pk" + (f" AND begins_with({prefix}SK, :sk)" if sk_prefix else "")
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            **({"IndexName": index} if index else {"ConsistentRead": True}),
        )
        return [_plain(item) for page in pages for item in page["Items"]]

    def stored(self, room_id: str) -> list[dict[str, Any]]:
        """Return the stored messages of a room, in the order of their keys."""
        return self.items(f"ROOM#{room_id}", "MSG#")

    def change(self, pk: str, sk: str, **fields: Any) -> None:
        """Set fields of an item behind the platform's back: how a test lets time pass."""
        sets = ", ".join(f"#{name} = :{name}" for name in fields)
        self._dynamodb.update_item(
            TableName=self.table,
            Key=_key(pk, sk),
            UpdateExpression=f"SET {sets}",
            ExpressionAttributeNames={f"#{name}": name for name in fields},
            ExpressionAttributeValues={
                f":{name}": {"S": value} if isinstance(value, str) else {"N": str(value)}
                for name, value in fields.items()
            },
        )

    @property
    def table(self) -> str:
        return str(self.state["aws"]["table"])

    def hasten(self, job: str) -> None:
        """Have beat ask for a job that is not due yet."""
        self.redis.hdel(f"redbeat:{job}", "meta")
        self.redis.zadd("redbeat::schedule", {f"redbeat:{job}": 0})

    # Its processes

    @property
    def pid(self) -> int:
        """Return the process that all others descend from."""
        assert self._process is not None
        return self._process.pid

    def programs(self) -> set[int]:
        """Return every process of this platform."""
        return descendants(self.pid, running())

    def process(self, words: str) -> int:
        """Return the process whose command has these words, the parent before its children."""
        matching = self._matching(words)
        [first] = [pid for pid, one in matching.items() if one.parent not in matching]
        return first

    def gateways(self) -> set[int]:
        """Return the gateway processes that serve, their master left out."""
        master = self.process("web.wsgi:app")
        return {one.pid for one in running(self.programs()).values() if one.parent == master}

    def has_new_gateways(self, before: set[int]) -> bool:
        """Tell whether none of these gateways is left, and others serve; while there is none, it is False."""
        serving = self._matching("web.wsgi:app").keys()
        return len(serving) > 1 and not serving & before and self.is_answering()

    def _matching(self, words: str) -> dict[int, Running]:
        """Return the processes whose command has these words, at one moment."""
        table = running(self.programs())
        return {pid: one for pid, one in table.items() if words in one.command and "supervisord" not in one.command}

    def is_answering(self) -> bool:
        """Tell whether it is ready."""
        try:
            return httpx.get(f"{self.base}/readyz", timeout=5, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.said()
        return "SpeakTracker is ready" in self.said()


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"PK": {"S": pk}, "SK": {"S": sk}}


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    read = TypeDeserializer()
    found = {name: read.deserialize(value) for name, value in item.items()}
    return {name: int(value) if isinstance(value, Decimal) else value for name, value in found.items()}
