"""Which pages may open a WebSocket, whatever stands in front; and where http is sent to."""

from collections.abc import Callable
from typing import Any

import pytest

from web.origins import is_welcome

APP = "https://app.test"


def welcome(web: Any, origin: str, host: str = "app.test", **headers: str) -> bool:
    with web.app.test_request_context("/ws", headers={"Host": host, **headers}):
        return is_welcome(origin, web.context.settings)


@pytest.mark.parametrize("forwarded", ["https", "wss", "http", "ws"])
@pytest.mark.parametrize("host", ["app.test", "app.test:443", "APP.test", "app.test:80"])
def test_a_page_of_the_same_host_is_ones_own(web: Any, forwarded: str, host: str) -> None:
    assert welcome(web, APP, host, **{"X-Forwarded-Proto": forwarded})


@pytest.mark.parametrize(
    "origin", ["https://evil.test", "https://app.test.evil.test", "https://app.test:8443", "null", "", "app.test"]
)
def test_any_other_page_is_not(web: Any, origin: str) -> None:
    assert not welcome(web, origin)


def test_the_public_address_is_ones_own_and_nothing_else(web_with: Callable[..., Any]) -> None:
    web = web_with(public_url="https://app.test/speak/", allowed_origins="https://Other.test/")
    assert welcome(web, APP, "internal:8000")
    assert welcome(web, "https://other.test", "internal:8000")
    assert not welcome(web, "http://internal:8000", "internal:8000")


def redirected(web: Any, path: str, **headers: str) -> str:
    answer = web.client.get(path, headers={"X-Forwarded-Proto": "http"} | headers)
    assert answer.status_code == 308
    return str(answer.headers["Location"])


def test_https_keeps_host_port_prefix_and_query(web_with: Callable[..., Any]) -> None:
    web = web_with(trusted_proxies=1)
    forwarded = {"X-Forwarded-Host": "app.test", "X-Forwarded-Prefix": "/speak"}
    assert redirected(web, "/healthz?a=1&b=%20", **forwarded) == "https://app.test/speak/healthz?a=1&b=%20"
    public = web_with(trusted_proxies=1, public_url="https://app.test/speak")
    assert redirected(public, "/healthz?a=1") == "https://app.test/speak/healthz?a=1"
