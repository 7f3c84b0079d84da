"""A web page that the developer visits cannot use the endpoint."""

from typing import Any

import httpx
import pytest

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example:80"},
    ],
)
def test_foreign_pages_and_names_are_refused(embedded_cloud: Any, embedded_queue: str, headers: Any) -> None:
    body = f"Action=PurgeQueue&QueueUrl={embedded_queue}"
    assert httpx.post(embedded_cloud.url, content=body, headers=FORM | headers).status_code == 403
    preflight = {"access-control-request-method": "POST"}
    answer = httpx.options(embedded_cloud.url, headers={"origin": "http://evil.example"} | headers | preflight)
    assert (answer.status_code, "access-control-allow-origin" in answer.headers) == (403, False)


def test_the_pages_of_the_emulator_are_closed(embedded_cloud: Any) -> None:
    for path in ("/_ministack/reset", "/_ministack/sqs/messages", "/_ministack/config"):
        assert httpx.post(embedded_cloud.url + path).status_code == 403
    assert httpx.get(f"{embedded_cloud.url}/_ministack/health").status_code == 200
