"""One request followed: the trace context of W3C, and spans for whoever collects them.

A request's trace id is its caller's (`traceparent`), else it follows from the request's own id. So a retry, a replay
and the members of a batch belong to their request's trace without anything but that id having been kept.
Nobody collects spans unless a tracer is installed; what is done then costs a few attribute look-ups.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, NamedTuple, Protocol

HEADER = "traceparent"
_FORM = re.compile(r"(?!ff)[0-9a-f]{2}-(?P<trace>(?!0{32})[0-9a-f]{32})-(?P<span>(?!0{16})[0-9a-f]{16})-[0-9a-f]{2}")
_FLAGS = "01"


class Kind:
    """What a span is to others, by OpenTelemetry's names."""

    SERVER, CLIENT, PRODUCER, CONSUMER, INTERNAL = "SERVER", "CLIENT", "PRODUCER", "CONSUMER", "INTERNAL"


class Parent(NamedTuple):
    """Where a span hangs: in a trace, below another span; without that it is the first of its trace."""

    trace_id: str
    span_id: str = ""

    @property
    def header(self) -> str:
        """Return it as W3C's `traceparent`; the first span of a trace has an id that follows from the trace's."""
        return f"00-{self.trace_id}-{self.span_id or self.trace_id[:16]}-{_FLAGS}"


class OpenSpan(Protocol):
    """A span that has begun."""

    @property
    def place(self) -> Parent:
        """Return where spans below it hang."""

    def note(self, **attributes: Any) -> None:
        """Add what is known only later; nothing of people."""

    def end(self, error: BaseException | None, at: float | None = None) -> None:
        """End it, now or at a time in epoch seconds; once."""


class Tracer(Protocol):
    """Collects spans; none of it raises or waits."""

    def begin(
        self, name: str, kind: str, parent: Parent | None, links: Iterable[Parent], at: float | None = None
    ) -> OpenSpan:
        """Begin a span, now or at a time in epoch seconds."""


_CURRENT: ContextVar[Parent | None] = ContextVar("trace", default=None)
_installed: list[Tracer] = []


def install_tracer(tracer: Tracer | None) -> None:
    """Have this process's spans collected from now on; None ends that."""
    _installed[:] = [tracer] if tracer is not None else []


def is_traced() -> bool:
    """Tell whether anybody collects spans."""
    return bool(_installed)


def trace_id_of(request_id: str) -> str:
    """Return the trace id of a request that brought none: 32 hexadecimal digits, the same for the same id."""
    return hashlib.blake2b(request_id.encode(errors="replace"), digest_size=16).hexdigest()


def parent_of(header: object, request_id: str) -> Parent:
    """Return where a request's first span hangs: below its caller's, where a well-formed `traceparent` names it."""
    found = _FORM.fullmatch(header.strip()) if isinstance(header, str) else None
    return Parent(found["trace"], found["span"]) if found else Parent(trace_id_of(request_id))


def current_trace() -> Parent | None:
    """Return where spans hang that begin now; None outside of any request."""
    return _CURRENT.get()


class traced:  # noqa: N801 - read as a verb, like contextlib's own
    """Be a span of the block inside; without a parent, below the one that surrounds it.

    `links` are asked for only where somebody collects: the other requests that the work is for.
    """

    __slots__ = ("_kind", "_links", "_name", "_parent", "_span", "_token")

    def __init__(
        self,
        name: str,
        kind: str = Kind.INTERNAL,
        parent: Parent | None = None,
        links: Callable[[], Iterable[Parent]] = tuple,
    ) -> None:
        """Keep what to begin."""
        self._name, self._kind, self._parent, self._links = name, kind, parent, links
        self._span: OpenSpan | None = None
        self._token: Token[Parent | None] | None = None

    def __enter__(self) -> "traced":
        """Begin."""
        parent = self._parent or _CURRENT.get()
        if _installed:
            self._span = _begun(self._name, self._kind, parent, self._links)
        if self._span is not None:
            parent = self._span.place
        self._token = _CURRENT.set(parent)
        return self

    def note(self, **attributes: Any) -> None:
        """Add what is known by now."""
        if self._span is not None:
            with suppress(Exception):  # see _begun
                self._span.note(**attributes)

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _at: TracebackType | None
    ) -> None:
        """End."""
        if self._token is not None:
            _CURRENT.reset(self._token)
        if self._span is not None:
            with suppress(Exception):  # see _begun
                self._span.end(error)


def _begun(
    name: str, kind: str, parent: Parent | None, links: Callable[[], Iterable[Parent]], at: float | None = None
) -> OpenSpan | None:
    """Begin a span; a tracer that fails costs its span: what is followed never depends on being followed."""
    with suppress(Exception):
        return _installed[0].begin(name, kind, parent, links(), at)
    return None


def record_span(name: str, request_id: str, seconds: float, **attributes: Any) -> None:
    """Tell of something that took so long and has just ended, in its request's own trace."""
    if _installed:
        now = time.time()
        span = _begun(name, Kind.SERVER, Parent(trace_id_of(request_id)), tuple, now - seconds)
        with suppress(Exception):  # see _begun
            if span is not None:
                span.note(**attributes)
                span.end(None, now)
