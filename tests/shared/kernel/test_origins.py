"""Origins in the one form in which browsers send them."""

import pytest

from shared.kernel.origins import allowed_host, allowed_origin, host_of, origin_of
from shared.kernel.settings import Misconfigured, read_settings

APP = "https://app.example.com"


@pytest.mark.parametrize(
    "text", [APP, f"{APP}/", "https://App.Example.COM", f"{APP}:443", " https://app.example.com ", f"{APP}:443/"]
)
def test_what_means_an_origin_is_written_as_browsers_do(text: str) -> None:
    assert allowed_origin(text) == APP


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "app.example.com",
        f"{APP}/page",
        f"{APP}?q",
        f"{APP}#f",
        "ws://x",
        "null",
        "",
        "https://",
        "https://u:p@x",
        "http://x:99999",
    ],
)
def test_what_no_browser_can_send_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        allowed_origin(text)


def test_ports_and_addresses_are_kept() -> None:
    assert origin_of("http://localhost:8000/a/b?c") == "http://localhost:8000"
    assert origin_of("http://[::1]:80/") == "http://[::1]"


def test_the_setting_is_normalised_or_refused_with_a_sentence() -> None:
    settings = read_settings(aws_endpoint_url="http://127.0.0.1:1", allowed_origins=f"{APP}/, http://Localhost:5173")
    assert settings.allowed_origins == [APP, "http://localhost:5173"]
    with pytest.raises(Misconfigured, match=r"ALLOWED_ORIGINS.*names a page"):
        read_settings(aws_endpoint_url="http://127.0.0.1:1", allowed_origins=f"{APP}/page")
    with pytest.raises(Misconfigured, match="PUBLIC_URL"):
        read_settings(aws_endpoint_url="http://127.0.0.1:1", public_url="app.example.com")


@pytest.mark.parametrize(
    "text", ["*", "*.example.com", "https://app.example.com", "app.example.com:443", "a b", "", "-a"]
)
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no host"):
        allowed_host(text)


def test_hosts_are_compared_without_case_and_port() -> None:
    assert allowed_host(" App.Example.com ") == "app.example.com"
    assert (host_of("https://app.example.com:8443/x"), host_of("http://[::1]:80")) == ("app.example.com", "[::1]")
