"""The trace context of W3C, and spans that nobody collects or somebody does."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from shared.kernel.tracing import (
    Kind,
    Parent,
    current_trace,
    install_tracer,
    parent_of,
    record_span,
    trace_id_of,
    traced,
)

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


class Recorded:
    def __init__(self, name: str, parent: Parent | None, links: list[Parent], number: int) -> None:
        self.name, self.parent, self.links = name, parent, links
        trace_id = parent.trace_id if parent else "1" * 32
        self.place = Parent(trace_id, f"{number:016x}")
        self.attributes: dict[str, Any] = {}
        self.ended: list[BaseException | None] = []

    def note(self, **attributes: Any) -> None:
        self.attributes |= attributes

    def end(self, error: BaseException | None, at: float | None = None) -> None:
        self.ended.append(error)


class Recorder:
    def __init__(self) -> None:
        self.spans: list[Recorded] = []

    def begin(
        self, name: str, kind: str, parent: Parent | None, links: Iterable[Parent], at: float | None = None
    ) -> Recorded:
        self.spans.append(Recorded(name, parent, list(links), len(self.spans) + 1))
        return self.spans[-1]


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    made = Recorder()
    install_tracer(made)
    yield made
    install_tracer(None)


def test_a_callers_trace_is_taken_where_it_is_well_formed() -> None:
    assert parent_of(f"00-{TRACE}-{SPAN}-01", "r1") == Parent(TRACE, SPAN)
    assert parent_of(f"00-{TRACE}-{SPAN}-01", "r1").header == f"00-{TRACE}-{SPAN}-01"


@pytest.mark.parametrize(
    "header",
    [None, 7, "", f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE}-{'0' * 16}-01",
     f"ff-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}",
     f"00-{TRACE.upper()}-{SPAN}-01", f"00-{TRACE}-{SPAN}-01-extra", "x" * 5_000],
)  # fmt: skip
def test_any_other_header_is_none_and_the_trace_follows_from_the_request(header: object) -> None:
    assert parent_of(header, "r1") == Parent(trace_id_of("r1"))
    assert trace_id_of("r1") == trace_id_of("r1") != trace_id_of("r2")
    assert parent_of(parent_of(header, "r1").header, "r9").trace_id == trace_id_of("r1")


def test_without_a_tracer_the_trace_is_handed_on_all_the_same() -> None:
    assert current_trace() is None
    with traced("one", parent=Parent(TRACE, SPAN)) as outer:
        outer.note(anything=1)
        with traced("two", links=lambda: 1 / 0):  # type: ignore[arg-type, return-value]  # asked for by nobody
            assert current_trace() == Parent(TRACE, SPAN)
    assert current_trace() is None


def test_spans_hang_below_each_other_and_end_once_with_their_error(recorder: Recorder) -> None:
    problem = ValueError("somebody's words")

    def run() -> None:
        with (
            traced("job", Kind.CONSUMER, Parent(TRACE, SPAN), links=lambda: [Parent(trace_id_of("r2"))]),
            traced("call", Kind.CLIENT) as call,
        ):
            call.note(tokens=3)
            raise problem

    with pytest.raises(ValueError, match="words"):
        run()
    job, inner = recorder.spans

    assert (job.parent, inner.parent) == (Parent(TRACE, SPAN), job.place)
    assert job.links == [Parent(trace_id_of("r2"))]
    assert inner.attributes == {"tokens": 3}
    assert job.ended == inner.ended == [problem]


def test_what_has_ended_already_is_told_in_its_requests_own_trace(recorder: Recorder) -> None:
    record_span("sendMessage", "r1", 0.2, items=1)

    assert recorder.spans[0].parent == Parent(trace_id_of("r1"))
    assert recorder.spans[0].ended == [None]


class Failing:
    def begin(self, *_given: Any, **_named: Any) -> Any:
        raise RuntimeError


def test_a_tracer_that_fails_costs_its_spans_alone() -> None:
    install_tracer(Failing())
    try:
        with traced("job", parent=Parent(TRACE, SPAN)) as span:
            span.note(anything=1)
            assert current_trace() == Parent(TRACE, SPAN)
        record_span("sendMessage", "r1", 0.1)
    finally:
        install_tracer(None)
