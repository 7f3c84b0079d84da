"""What is verified, one thing after the other: each check gives a sentence for all that is not as it must be."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from cli.verifying import sentences
from cli.verifying.talk import PATIENT, Patience, Talk, talk
from shared.adapters.aws.provisioner import Provisioner
from shared.kernel.errors import Unavailable
from shared.wiring import GatewayContext
from speaktracker_client.errors import SpeakTrackerError

ANSWER_SECONDS = 10.0


@dataclass(frozen=True)
class Deployment:
    """What is verified: where it is reached, whose account is used, its resources, and its log where there is one."""

    base: str
    email: str
    password: str
    context: GatewayContext
    log: Path | None
    patience: Patience = PATIENT


class Verification:
    """The checks of one deployment; later ones look for what an earlier one sent."""

    def __init__(self, deployment: Deployment) -> None:
        """Begin; nothing is asked yet."""
        self._on = deployment
        self._talk: Talk | None = None
        self._refusal: Exception | None = None

    def checks(self) -> dict[str, Callable[[], Iterator[str]]]:
        """Return the checks by name, in their order."""
        found = {
            "gateway": self._gateway,
            "resources": self._resources,
            "a live push": self._push,
            "stored": self._stored,
            "dead-letter queues": self._dead_letters,
        }
        return found | ({"logs": self._logs} if self._on.log else {})

    def _gateway(self) -> Iterator[str]:
        try:
            answer = httpx.get(f"{self._on.base}/readyz", timeout=ANSWER_SECONDS, trust_env=False)
            told = answer.json()
        except (httpx.HTTPError, ValueError) as problem:
            yield sentences.NO_GATEWAY.format(base=self._on.base, problem=type(problem).__name__)
            return
        failing = [name for name, is_well in told.get("checks", {}).items() if not is_well]
        if failing:
            yield sentences.NOT_READY.format(names=", ".join(failing))
        elif answer.status_code != 200:
            yield sentences.NOT_READY_STATUS.format(status=answer.status_code)
        yield from told.get("notices", [])

    def _resources(self) -> Iterator[str]:
        try:
            yield from Provisioner(self._on.context.aws, self._on.context.settings).check()
        except Unavailable as problem:
            yield sentences.NO_AWS.format(problem=problem.__cause__)
        except (BotoCoreError, ClientError) as problem:
            yield sentences.REFUSED.format(problem=problem)

    def _push(self) -> Iterator[str]:
        on = self._on
        try:
            self._talk = asyncio.run(talk(on.base, on.email, on.password, self._is_stored, on.patience))
        except (SpeakTrackerError, OSError, TimeoutError) as problem:
            yield sentences.UNSENT.format(email=on.email, problem=str(problem) or type(problem).__name__)
            return
        if self._talk.pushed is None:
            yield sentences.UNPUSHED.format(seconds=on.patience.pushed)

    def _stored(self) -> Iterator[str]:
        if self._talk is None:
            yield sentences.NOTHING_TO_STORE
        elif self._refusal is not None:
            yield sentences.REFUSED.format(problem=self._refusal)
        elif self._talk.stored is None:
            yield sentences.UNSTORED.format(seconds=self._on.patience.stored)

    def _dead_letters(self) -> Iterator[str]:
        try:
            depths = self._on.context.queue_depths.read()
        except Unavailable as problem:
            yield sentences.NO_DEPTHS.format(problem=problem.__cause__)
            return
        except (BotoCoreError, ClientError) as problem:
            yield sentences.REFUSED.format(problem=problem)
            return
        for one in depths:
            if one.dead:
                yield sentences.DEAD.format(count=one.dead, queue=one.queue)

    def _logs(self) -> Iterator[str]:
        if self._talk is None:
            yield sentences.NOTHING_TO_LOG
            return
        until = time.monotonic() + self._on.patience.logged
        while time.monotonic() < until:
            if self._is_logged(self._talk.request_id):
                return
            time.sleep(0.2)
        yield sentences.UNLOGGED.format(log=self._on.log, seconds=self._on.patience.logged)

    def _is_stored(self, message_id: str, room_id: str) -> bool:
        try:
            return self._on.context.messages.find(message_id, room_id) is not None
        except Unavailable:
            return False
        except (BotoCoreError, ClientError) as problem:
            self._refusal = problem
            return False

    def _is_logged(self, request_id: str) -> bool:
        assert self._on.log is not None
        try:
            with self._on.log.open(encoding="utf-8", errors="replace") as lines:
                return any(request_id in line and _is_line(line) for line in lines)
        except OSError:
            return False


def _is_line(line: str) -> bool:
    try:
        json.loads(line)
    except json.JSONDecodeError:
        return False
    return True
