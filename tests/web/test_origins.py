"""Which pages may open a WebSocket, whatever stands in front; and where http is sent to."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import request

from shared.kernel.settings import Settings
from web.boot import CannotStart, require_front
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
    assert redirected(public, "/healthz?a=1", **forwarded) == "https://app.test/speak/healthz?a=1"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("app.test", 401),
        ("APP.test:443", 401),
        ("a.pages.test", 401),
        ("public.test:8443", 401),
        ("evil.test", 400),
        ("app.test.evil.test", 400),
        ("app.test@evil.test", 400),
        ("pages.test.", 400),
        ("", 400),
    ],
)
def test_only_hosts_that_are_allowed_are_served(web_with: Callable[..., Any], host: str, status: int) -> None:
    web = web_with(allowed_hosts="App.test, .pages.test", public_url="https://public.test:8443", trusted_proxies=1)
    secure = {"Host": host, "X-Forwarded-Proto": "https"}
    assert web.client.get("/api/me", headers=secure).status_code == status
    assert web.client.get("/healthz", headers=secure).status_code == 200
    forged = {"Host": "evil.test", "X-Forwarded-Host": "app.test", "X-Forwarded-Proto": "https"}
    assert web.client.get("/api/me", headers=forged).status_code == 400


def test_what_proxies_say_is_believed_of_so_many_and_of_nobody_else(web_with: Callable[..., Any]) -> None:
    def seen(proxies: int, **headers: str) -> tuple[str, str]:
        web = web_with(trusted_proxies=proxies)
        found: list[tuple[str, str]] = []
        web.app.before_request_funcs[None].insert(0, lambda: found.append((str(request.remote_addr), request.scheme)))
        web.client.get("/healthz", headers=headers)
        return found[0]

    told = {"X-Forwarded-For": "6.6.6.6, 5.5.5.5", "X-Forwarded-Proto": "https"}
    assert seen(0, **told) == ("127.0.0.1", "http")
    assert seen(1, **told) == ("5.5.5.5", "https")
    assert seen(1, Forwarded="for=6.6.6.6;proto=https") == ("127.0.0.1", "http")


ON_AWS = {
    "aws_endpoint_url": None,
    "cursor_key": "a-secret-of-some-length",
    "cognito_user_pool_id": "pool",
    "cognito_client_id": "client",
}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (ON_AWS, "TRUSTED_PROXIES must be set where AWS itself is used"),
        (ON_AWS | {"trusted_proxies": 1}, "ALLOWED_HOSTS must name"),
        (ON_AWS | {"trusted_proxies": 0, "public_url": "https://app.test"}, "PUBLIC_URL is https"),
        (ON_AWS | {"trusted_proxies": 0, "allowed_hosts": "app.test", "dyno": "web.1"}, "a dyno of Heroku"),
    ],
)
def test_a_gateway_that_does_not_know_what_stands_in_front_does_not_start(given: dict[str, Any], said: str) -> None:
    with pytest.raises(CannotStart, match=said):
        require_front(Settings(**given))
    require_front(Settings(**ON_AWS | {"trusted_proxies": 1, "allowed_hosts": "app.test"}))
    require_front(Settings(aws_endpoint_url="http://127.0.0.1:1"))
