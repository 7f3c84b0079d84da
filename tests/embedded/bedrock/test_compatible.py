"""The engine behind an OpenAI-compatible endpoint, against a real HTTP server that speaks its format."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError, EventStreamError

from embedded.running import free_port
from tests.embedded.bedrock.conftest import Endpoint
from tests.embedded.bedrock.test_wire import FORM, kinds, refused, text_of

WAIT_SECONDS = 60.0


def event(content: dict[str, Any] | None = None, reason: str | None = None, **more: Any) -> str:
    choices = [{"index": 0, "delta": content or {}, "finish_reason": reason}]
    return f"data: {json.dumps({'object': 'chat.completion.chunk', 'choices': choices} | more)}\n\n"


def call(arguments: str, name: str | None = None) -> dict[str, Any]:
    function = {"arguments": arguments} | ({"name": name} if name else {})
    return {"tool_calls": [{"index": 0, "function": function}]}


COUNTED = "data: " + json.dumps({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 3}}) + "\n\n"
DONE = "data: [DONE]\n\n"
TEXT = [event({"role": "assistant", "content": ""}), event({"content": "Hello"}), event({"content": " there."})]
SCRIPTS: dict[str, tuple[int, list[str]]] = {
    "text": (200, [": a comment\n\n", *TEXT, event({}, "stop"), COUNTED, DONE]),
    "length": (200, [*TEXT, event({}, "length"), DONE]),
    "form": (
        200,
        [
            event(call("", "correct_sentence")),
            event(call('{"isCorrect": true, "bet')),
            event(call('ter": "Hi.", "why": ""}')),
            event({}, "stop"),
            DONE,
        ],
    ),
    "busy": (429, ['{"error": {"message": "slow down"}}']),
    "late": (504, ["late"]),
    "broken": (500, ["boom"]),
    "cut": (200, TEXT),
    "error": (200, [*TEXT, 'data: {"error": {"message": "out of memory"}}\n\n']),
    "nonsense": (200, ["data: {not json}\n\n"]),
}


class Model(ThreadingHTTPServer):
    """A server that plays the script which a request names by its last message."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.hung_up = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        assert self.path == "/v1/chat/completions"
        self.server.asked.append(body)
        self.server.keys.append(self.headers["authorization"])
        script = body["messages"][-1]["content"]
        status, lines = SCRIPTS.get(script, (200, TEXT))
        self.send_response(status)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for line in lines:
            self.wfile.write(line.encode())
        self.wfile.flush()
        if script == "endless":
            self._go_on()

    def _go_on(self) -> None:
        try:
            while True:
                self.wfile.write(event({"content": " more" * 500}).encode())
        except OSError:
            self.server.hung_up.set()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    server = Model()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def through(endpoint_with: Callable[..., Endpoint], model: Model) -> Endpoint:
    return endpoint_with(
        ENGINE="openai",
        OPENAI_URL=f"http://127.0.0.1:{model.server_address[1]}/v1",
        OPENAI_MODEL="small",
        OPENAI_KEY="secret",
        FIRST_TOKEN_MS="600000",
    )


def test_text_comes_through_at_the_models_own_pace_and_count(through: Endpoint, model: Model) -> None:
    inference = {"maxTokens": 50, "temperature": 0.5, "stopSequences": ["END"]}
    answer = through.converse("text", system=[{"text": "Be kind."}], inferenceConfig=inference)

    assert text_of(answer) == "Hello there."
    assert answer["stopReason"] == "end_turn"
    assert answer["usage"] == {"inputTokens": 11, "outputTokens": 3, "totalTokens": 14}
    sent = model.asked[-1]
    assert sent["model"] == "small"
    assert sent["messages"] == [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "text"}]
    assert (sent["max_tokens"], sent["temperature"], sent["stop"], sent["stream"]) == (50, 0.5, ["END"], True)
    assert model.keys[-1] == "Bearer secret"


def test_a_stream_comes_through_piece_by_piece(through: Endpoint) -> None:
    events = list(through.stream("text"))

    said = [one["contentBlockDelta"]["delta"]["text"] for one in events if "contentBlockDelta" in one]
    assert said == ["Hello", " there."]
    assert kinds(events)[-3:] == ["contentBlockStop", "messageStop", "metadata"]


def test_the_models_limit_is_told(through: Endpoint) -> None:
    assert through.converse("length")["stopReason"] == "max_tokens"


def test_a_form_comes_through(through: Endpoint, model: Model) -> None:
    answer = through.converse("form", toolConfig=FORM)

    assert answer["stopReason"] == "tool_use"
    used = answer["output"]["message"]["content"][0]["toolUse"]
    assert used["name"] == "correct_sentence"
    assert used["input"] == {"isCorrect": True, "better": "Hi.", "why": ""}
    assert model.asked[-1]["tool_choice"] == {"type": "function", "function": {"name": "correct_sentence"}}
    assert model.asked[-1]["tools"][0]["function"]["parameters"]["type"] == "object"


@pytest.mark.parametrize(
    ("script", "code", "status"),
    [
        ("busy", "ThrottlingException", 429),
        ("late", "ModelTimeoutException", 408),
        ("broken", "ModelErrorException", 424),
        ("cut", "ModelErrorException", 424),
        ("error", "ModelErrorException", 424),
        ("nonsense", "ModelErrorException", 424),
    ],
)
def test_its_errors_are_bedrocks(through: Endpoint, script: str, code: str, status: int) -> None:
    assert refused(lambda: through.converse(script))[::2] == (code, status)


def listen(stream: Any, said: list[str]) -> None:
    for one in stream:
        said.append(next(iter(one)))


@pytest.mark.parametrize("script", ["cut", "error"])
def test_an_error_in_the_middle_ends_the_stream_after_what_was_said(through: Endpoint, script: str) -> None:
    said: list[str] = []
    with closing(through.stream(script)) as stream, pytest.raises(EventStreamError) as broken:
        listen(stream, said)
    assert broken.value.response["Error"]["Code"] == "modelStreamErrorException"
    assert said.count("contentBlockDelta") == 2
    assert "messageStop" not in said
    assert through.invocations()[-1]["error"] == "ModelErrorException"


def test_an_error_before_the_first_word_has_a_status(through: Endpoint) -> None:
    with pytest.raises(ClientError) as refusal:
        through.stream("busy")
    assert refusal.value.response["Error"]["Code"] == "ThrottlingException"


def test_hanging_up_ends_the_models_work(through: Endpoint, model: Model) -> None:
    stream = through.stream("endless")
    assert "messageStart" in next(iter(stream))
    stream.close()

    assert model.hung_up.wait(WAIT_SECONDS)


def test_an_endpoint_that_is_not_there_is_the_models_error(endpoint_with: Callable[..., Endpoint]) -> None:
    nowhere = endpoint_with(ENGINE="openai", OPENAI_URL=f"http://127.0.0.1:{free_port()}/v1", OPENAI_MODEL="small")
    assert refused(nowhere.converse)[0] == "ModelErrorException"
