"""What is verified, one thing after the other: each check gives a sentence for all that is not as it must be."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from cli.verifying.talk import PUSHED_SECONDS, STORED_SECONDS, Talk, talk
from shared.adapters.aws.provisioner import Provisioner
from shared.kernel.errors import Unavailable
from shared.wiring import GatewayContext
from speaktracker_client.errors import SpeakTrackerError

ANSWER_SECONDS = 10.0
LOG_SECONDS = 10.0


@dataclass(frozen=True)
class Deployment:
    """What is verified: where it is reached, whose account is used, its resources, and its log where there is one."""

    base: str
    email: str
    password: str
    context: GatewayContext
    log: Path | None


class Verification:
    """The checks of one deployment; later ones look for what an earlier one sent."""

    def __init__(self, deployment: Deployment) -> None:
        """Begin; nothing is asked yet."""
        self._on = deployment
        self._talk: Talk | None = None

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
            yield f"{self._on.base} does not answer as a gateway: {type(problem).__name__}."
            return
        failing = [name for name, is_well in told.get("checks", {}).items() if not is_well]
        if failing:
            yield f"The gateway is not ready: {', '.join(failing)} does not answer it."
        elif answer.status_code != 200:
            yield f"The gateway is not ready: /readyz answers {answer.status_code}."
        yield from told.get("notices", [])

    def _resources(self) -> Iterator[str]:
        try:
            yield from Provisioner(self._on.context.aws, self._on.context.settings).check()
        except Unavailable as problem:
            yield f"AWS does not answer: {problem.__cause__}."
        except (BotoCoreError, ClientError) as problem:
            yield f"AWS refuses: {problem}"

    def _push(self) -> Iterator[str]:
        on = self._on
        try:
            self._talk = asyncio.run(talk(on.base, on.email, on.password, self._is_stored))
        except (SpeakTrackerError, OSError, TimeoutError) as problem:
            yield f"A message cannot be sent as {on.email}: {problem or type(problem).__name__}"
            return
        if self._talk.pushed is None:
            yield f"A message was acknowledged, and not pushed within {PUSHED_SECONDS:g} s."

    def _stored(self) -> Iterator[str]:
        if self._talk is None:
            yield "No message could be sent, so none was stored."
        elif self._talk.stored is None:
            yield f"The message is not in the table after {STORED_SECONDS:g} s: do the workers of persistence run?"

    def _dead_letters(self) -> Iterator[str]:
        try:
            depths = self._on.context.queue_depths.read()
        except Unavailable as problem:
            yield f"SQS does not tell its depths: {problem.__cause__}."
            return
        for one in depths:
            if one.dead:
                yield f"{one.dead} messages lie on the dead-letter queue of {one.queue}."

    def _logs(self) -> Iterator[str]:
        if self._talk is None:
            yield "No message could be sent, so no line tells of it."
            return
        until = time.monotonic() + LOG_SECONDS
        while time.monotonic() < until:
            if self._is_logged(self._talk.request_id):
                return
            time.sleep(0.2)
        yield f"No line of {self._on.log} names the message's request within {LOG_SECONDS:g} s."

    def _is_stored(self, message_id: str, room_id: str) -> bool:
        try:
            return self._on.context.messages.find(message_id, room_id) is not None
        except Unavailable:
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
