"""The port WorkerControl over Celery's remote control, which goes over Redis."""

from functools import cached_property
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from shared.adapters.monitoring.bus import bind
from shared.adapters.monitoring.client import CONTROL
from shared.adapters.monitoring.options import MonitoringOptions
from shared.domains.operations.errors import WorkerRefused
from shared.domains.operations.models import DrainProgress, WhyRefused
from shared.kernel.errors import Unavailable

ANSWER_SECONDS = 5.0


class CeleryWorkers:
    """Commands one worker at a time, and waits for its answer for five seconds."""

    def __init__(self, options: MonitoringOptions) -> None:
        """Keep how workers are reached; nothing is connected yet."""
        self._options = options

    def drain(self, worker: str) -> DrainProgress:
        """Have it receive nothing more."""
        said = self._told(worker, "drain", {})
        return DrainProgress(int(said["running"]), int(said["waiting"]))

    def grow(self, worker: str, places: int) -> int:
        """Have it add what is missing."""
        return int(self._told(worker, "grow_to", {"places": places})["places"])

    @cached_property
    def _app(self) -> Celery:
        app = Celery("operator", set_as_current=False)
        bind(app, self._options)
        app.control_cls = CONTROL
        return app

    def _told(self, worker: str, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            answers = self._app.control.broadcast(
                command, arguments=arguments, destination=[worker], reply=True, timeout=ANSWER_SECONDS
            )
        except (RedisError, OperationalError, OSError) as problem:
            raise Unavailable("Redis does not answer.", "Redis가 응답하지 않습니다.") from problem
        said = next((one[worker] for one in answers or [] if worker in one), None)
        if said is None:
            raise Unavailable(
                "The worker does not answer; it may have heard. To ask again is safe.",
                "작업자가 응답하지 않습니다. 다시 요청해도 괜찮습니다.",
            )
        return _done(said)


def _done(said: dict[str, Any]) -> dict[str, Any]:
    if isinstance(said.get("ok"), dict):
        return dict(said["ok"])
    reasons = set(WhyRefused)
    reason = said.get("reason")
    raise WorkerRefused(WhyRefused(reason) if reason in reasons else WhyRefused.OTHER, str(said.get("error", "")))
