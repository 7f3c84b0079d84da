"""Spans arrive at a collector that speaks OTLP over HTTP, and one that is away costs nothing."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from shared.adapters.open_telemetry import OpenTelemetryTracer
from shared.kernel.settings import read_settings
from shared.kernel.tracing import Kind, Parent, current_trace, install_tracer, record_span, trace_id_of, traced
from shared.wired.tracing import begin_tracing

CALLER = Parent("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")


class Collector:
    """A stub of a collector: takes what is posted to /v1/traces."""

    def __init__(self) -> None:
        self.resources: list[dict[str, str]] = []
        self.spans: dict[str, Any] = {}
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/x-protobuf"
                collector.take(self.path, body)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def take(self, path: str, body: bytes) -> None:
        assert path == "/v1/traces"
        for told in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.resources.append({one.key: one.value.string_value for one in told.resource.attributes})
            self.spans |= {span.name: span for scope in told.scope_spans for span in scope.spans}

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.close()


@pytest.fixture
def tracer(collector: Collector) -> Iterator[OpenTelemetryTracer]:
    made = OpenTelemetryTracer(collector.address, process="web", version="1.2", environment="dev")
    install_tracer(made)
    yield made
    install_tracer(None)
    made.close()


def test_a_request_is_one_trace_from_its_caller_to_the_push(collector: Collector, tracer: OpenTelemetryTracer) -> None:
    with traced("POST /api/tts", Kind.SERVER, CALLER), traced("send", Kind.PRODUCER):
        handed_on = current_trace()
    with traced("job", Kind.CONSUMER, handed_on) as job, traced("polly", Kind.CLIENT):
        job.note(attempt=1)
    assert tracer.flush()
    spans = collector.spans

    assert {span.trace_id.hex() for span in spans.values()} == {CALLER.trace_id}
    assert spans["POST /api/tts"].parent_span_id.hex() == CALLER.span_id
    assert spans["send"].parent_span_id == spans["POST /api/tts"].span_id
    assert spans["job"].parent_span_id == spans["send"].span_id
    assert spans["polly"].parent_span_id == spans["job"].span_id
    assert collector.resources[0]["service.name"] == "speaktracker-web"
    assert collector.resources[0]["service.version"] == "1.2"


def test_a_batch_links_its_members_whose_traces_follow_from_their_ids(
    collector: Collector, tracer: OpenTelemetryTracer
) -> None:
    members = [Parent(trace_id_of(request)) for request in ("r1", "r2")]
    with traced("batch", parent=Parent(trace_id_of("group")), links=lambda: members):
        pass
    record_span("sendMessage", "r1", 0.25)
    assert tracer.flush()
    batch, member = collector.spans["batch"], collector.spans["sendMessage"]

    assert [link.trace_id.hex() for link in batch.links] == [one.trace_id for one in members]
    assert batch.trace_id.hex() == trace_id_of("group")
    assert member.trace_id.hex() == trace_id_of("r1")
    assert 0.2e9 < member.end_time_unix_nano - member.start_time_unix_nano < 0.3e9


def test_of_an_error_its_class_is_told_and_none_of_its_words(collector: Collector, tracer: OpenTelemetryTracer) -> None:
    with pytest.raises(ValueError, match="secret"), traced("job"):
        raise ValueError("secret words")
    assert tracer.flush()

    assert collector.spans["job"].status.message == "ValueError"
    assert "secret" not in str(collector.spans["job"])


def test_a_process_with_a_collector_in_its_settings_sends_spans(collector: Collector) -> None:
    settings = read_settings(aws_endpoint_url="http://127.0.0.1:1", otel_exporter_otlp_endpoint=collector.address)
    begin_tracing(settings, "tts")
    try:
        with traced("job") as span:
            assert span._span is not None
    finally:
        install_tracer(None)
