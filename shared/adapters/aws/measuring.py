"""Measures every call of a boto3 client: how long it took, how it ended, what capacity it consumed."""

import time
from typing import Any

from shared.kernel.ports import Metrics
from shared.kernel.tracing import HEADER, current_trace

THROTTLED = frozenset(
    {
        "OverLimit",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
FOLLOWED = frozenset({"bedrock-runtime", "polly", "transcribe"})
"""Services that are told to which trace a call belongs."""
_BEGAN = "speaktracker_began"
_CAPACITY = "ReturnConsumedCapacity"


class CallMeasure:
    """What botocore tells of the calls of one service; nothing here raises, or a call would fail by it."""

    def __init__(self, service: str, metrics: Metrics) -> None:
        """Measure calls to a service."""
        self._service, self._metrics = service, metrics

    def watch(self, client: Any) -> None:
        """Have a client tell of its calls."""
        events = client.meta.events
        events.register("before-call", self._before)
        events.register("after-call", self._after)
        events.register("after-call-error", self._after_error)
        events.register("needs-retry", self._try)
        if self._service == "dynamodb":
            events.register("before-parameter-build.dynamodb", self._ask_for_capacity)

    def _before(self, params: dict[str, Any], context: dict[str, Any], **_fields: Any) -> None:
        context[_BEGAN] = time.perf_counter()
        if self._service in FOLLOWED and (trace := current_trace()):
            params["headers"][HEADER] = trace.header

    def _after(
        self, http_response: Any, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_f: Any
    ) -> None:
        code = parsed.get("Error", {}).get("Code")
        self._ended(model.name, outcome_of(http_response.status_code, code), context)
        if capacity := parsed.get("ConsumedCapacity"):
            self._metrics.count("dynamodb_capacity_units", units(capacity), operation=model.name)

    def _after_error(self, context: dict[str, Any], event_name: str, **_fields: Any) -> None:
        self._ended(event_name.rpartition(".")[2], "unreachable", context)

    def _ended(self, operation: str, outcome: str, context: dict[str, Any]) -> None:
        metrics, service = self._metrics, self._service
        began = context.get(_BEGAN)
        if began is not None:
            seconds = time.perf_counter() - began
            metrics.observe("aws_call_seconds", seconds, service=service, operation=operation)
        metrics.count("aws_calls", service=service, operation=operation, outcome=outcome)

    def _try(self, attempts: int, **_fields: Any) -> None:
        if attempts > 1:
            self._metrics.count("aws_tries_again", service=self._service)

    def _ask_for_capacity(self, params: dict[str, Any], model: Any, **_fields: Any) -> None:
        if _CAPACITY in model.input_shape.members:
            params.setdefault(_CAPACITY, "TOTAL")


class CallCount:
    """Counts the calls of a client; how long they take is not measured, since most of a long poll is waiting."""

    def __init__(self, service: str, metrics: Metrics) -> None:
        """Count calls to a service."""
        self._service, self._metrics = service, metrics

    def watch(self, client: Any) -> None:
        """Have a client tell of its calls; a client that is watched twice tells once."""
        client.meta.events.register("after-call", self._after, unique_id=f"{id(self)}-after")
        client.meta.events.register("after-call-error", self._after_error, unique_id=f"{id(self)}-error")

    def _after(self, http_response: Any, parsed: dict[str, Any], model: Any, **_fields: Any) -> None:
        self._count(model.name, outcome_of(http_response.status_code, parsed.get("Error", {}).get("Code")))

    def _after_error(self, event_name: str, **_fields: Any) -> None:
        self._count(event_name.rpartition(".")[2], "unreachable")

    def _count(self, operation: str, outcome: str) -> None:
        self._metrics.count("aws_calls", service=self._service, operation=operation, outcome=outcome)


def outcome_of(status: int, code: str | None) -> str:
    """Return in one word how a call ended."""
    if status < 300:
        return "ok"
    if code in THROTTLED or status == 429:
        return "throttled"
    return "failed" if status >= 500 else "refused"


def units(capacity: Any) -> float:
    """Return the capacity units of an answer, which tells them for one table or for each."""
    told = capacity if isinstance(capacity, list) else [capacity]
    return sum(float(one.get("CapacityUnits") or 0) for one in told)
