"""Spans by OpenTelemetry, sent as OTLP over HTTP; needs the extra `tracing`."""

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.trace import (
    INVALID_SPAN,
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from shared.kernel.tracing import Parent

EXPORT_SECONDS = 5.0
MOST_WAITING = 4_096
"""Spans; what comes while so many wait is dropped: the collector may be away for as long as it likes."""
_NANOSECONDS = 1_000_000_000
_WANTED: ContextVar[str] = ContextVar("wanted_trace", default="")


class _RequestIds(IdGenerator):
    """Gives the first span of a trace the trace id that follows from its request."""

    def __init__(self) -> None:
        self._random = RandomIdGenerator()

    def generate_span_id(self) -> int:
        return self._random.generate_span_id()

    def generate_trace_id(self) -> int:
        wanted = _WANTED.get()
        return int(wanted, 16) if wanted else self._random.generate_trace_id()


class OpenTelemetryTracer:
    """The port Tracer; spans wait in memory and are sent from a thread of their own."""

    def __init__(self, endpoint: str, *, process: str, version: str, environment: str) -> None:
        """Send to a collector, such as `http://127.0.0.1:4318`; call it after the fork."""
        resource = Resource.create(
            {
                "service.name": f"speaktracker-{process}",
                "service.version": version,
                "deployment.environment.name": environment or "default",
            }
        )
        self._provider = TracerProvider(resource=resource, id_generator=_RequestIds(), shutdown_on_exit=True)
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=MOST_WAITING))
        self._tracer = self._provider.get_tracer("speaktracker")

    def begin(
        self, name: str, kind: str, parent: Parent | None, links: Iterable[Parent], at: float | None = None
    ) -> "OpenTelemetrySpan":
        """Begin a span."""
        token = _WANTED.set(parent.trace_id if parent and not parent.span_id else "")
        try:
            span = self._tracer.start_span(
                name,
                context=set_span_in_context(_span_of(parent) if parent and parent.span_id else INVALID_SPAN),
                kind=SpanKind[kind],
                links=[Link(_context_of(link)) for link in links],
                start_time=_nanoseconds(at),
            )
        finally:
            _WANTED.reset(token)
        return OpenTelemetrySpan(span)

    def flush(self) -> bool:
        """Send what waits; tell whether that went."""
        return self._provider.force_flush(int(EXPORT_SECONDS * 1000))

    def close(self) -> None:
        """Send what waits, and end."""
        self._provider.shutdown()


class OpenTelemetrySpan:
    """The port OpenSpan."""

    def __init__(self, span: Span) -> None:
        """Take a span that was started."""
        self._span = span
        context = span.get_span_context()
        self.place = Parent(f"{context.trace_id:032x}", f"{context.span_id:016x}")

    def note(self, **attributes: Any) -> None:
        """Add attributes."""
        self._span.set_attributes(attributes)

    def end(self, error: BaseException | None, at: float | None = None) -> None:
        """End it; of an error its class is told, never its message, which may hold somebody's words."""
        if error is not None:
            self._span.set_status(Status(StatusCode.ERROR, type(error).__name__))
        self._span.end(_nanoseconds(at))


def _context_of(parent: Parent) -> SpanContext:
    place = parent.header.split("-")
    return SpanContext(int(place[1], 16), int(place[2], 16), is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def _span_of(parent: Parent) -> Span:
    return NonRecordingSpan(_context_of(parent))


def _nanoseconds(at: float | None) -> int | None:
    return None if at is None else int(at * _NANOSECONDS)
