"""The pace of the partner: the schedule of one stream and of many at once, and what hanging up ends."""

import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from embedded.running import endpoint_url
from tests.embedded.bedrock.conftest import MODEL, Endpoint, asked

SYSTEM = [{"text": "Purpose: reply\nLevel: advanced\nTopic: travel\nLanguage: en"}]
WAIT_SECONDS = 60.0
MANY = 30


def timed(stream: Any) -> tuple[list[float], int]:
    """Return when each delta came, by the monotonic clock, and the tokens of the answer."""
    times, tokens = [], 0
    for event in stream:
        if "contentBlockDelta" in event:
            times.append(time.monotonic())
        elif "metadata" in event:
            tokens = event["metadata"]["usage"]["outputTokens"]
    return times, tokens


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


def test_the_first_token_and_the_last_come_at_their_time(paced: Endpoint) -> None:
    began = time.monotonic()
    times, tokens = timed(paced.stream(system=SYSTEM))

    assert times[0] - began >= 0.2
    # 100 tokens a second, five in an event: the last event has the last token.
    assert times[-1] - began >= 0.2 + (tokens - 1) / 100
    assert len(times) == -(-tokens // 5)


def test_a_whole_answer_takes_as_long_as_its_stream(paced: Endpoint) -> None:
    began = time.monotonic()
    answer = paced.converse(system=SYSTEM)
    took = time.monotonic() - began

    least = 0.2 + (answer["usage"]["outputTokens"] - 1) / 100
    assert took >= least
    assert answer["metrics"]["latencyMs"] >= least * 1000 - 20


def test_many_streams_at_once_do_not_wait_for_each_other(paced: Endpoint) -> None:
    def one(_: int) -> tuple[list[float], int]:
        return timed(paced.stream(system=SYSTEM))

    began = time.monotonic()
    with ThreadPoolExecutor(MANY) as pool:
        results = list(pool.map(one, range(MANY)))
    took = time.monotonic() - began

    assert len({tokens for _, tokens in results}) == 1
    alone = 0.2 + (results[0][1] - 1) / 100
    # One after another they would take thirty times as long; a third of it leaves room for a busy machine.
    assert took < MANY * alone / 3
    assert all(times[0] - began >= 0.2 for times, _ in results)


def signed(endpoint: Endpoint, operation: str) -> bytes:
    """Return the bytes of a request as boto3 would send it."""
    url = f"{endpoint_url(endpoint.process)}/model/{MODEL}/{operation}"
    body = json.dumps({name: value for name, value in asked(system=SYSTEM).items() if name != "modelId"}).encode()
    request = AWSRequest("POST", url, {"content-type": "application/json"}, body)
    SigV4Auth(Credentials("test", "test"), "bedrock", "ap-northeast-2").add_auth(request)
    fields = {"host": f"127.0.0.1:{endpoint.process.port}", "content-length": str(len(body))} | dict(request.headers)
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST /model/{MODEL}/{operation} HTTP/1.1\r\n{head}\r\n".encode() + body


def ended_calls(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [line for line in endpoint.invocations() if line.get("hungUp")]


def test_hanging_up_stops_a_stream(endpoint_with: Callable[..., Endpoint]) -> None:
    slow = endpoint_with(FIRST_TOKEN_MS="0", TOKENS_PER_SECOND="5")
    with socket.create_connection(("127.0.0.1", slow.process.port)) as connection:
        connection.sendall(signed(slow, "converse-stream"))
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
    eventually(lambda: len(ended_calls(slow)) == 1)

    (line,) = ended_calls(slow)
    assert line["operation"] == "converse-stream"
    assert "stopReason" not in line
    whole = list(slow.stream(system=SYSTEM))[-1]["metadata"]["usage"]["outputTokens"]
    assert line["outputTokens"] < whole


def test_hanging_up_on_a_boto3_stream_stops_it_too(endpoint_with: Callable[..., Endpoint]) -> None:
    slow = endpoint_with(FIRST_TOKEN_MS="0", TOKENS_PER_SECOND="5")
    stream = slow.stream(system=SYSTEM)
    assert "messageStart" in next(iter(stream))
    stream.close()

    eventually(lambda: len(ended_calls(slow)) == 1)


def test_hanging_up_stops_a_whole_answer_before_it_is_there(endpoint_with: Callable[..., Endpoint]) -> None:
    slow = endpoint_with(FIRST_TOKEN_MS="600000")
    with socket.create_connection(("127.0.0.1", slow.process.port)) as connection:
        connection.sendall(signed(slow, "converse"))
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
    eventually(lambda: len(ended_calls(slow)) == 1)
    assert ended_calls(slow)[0]["operation"] == "converse"
