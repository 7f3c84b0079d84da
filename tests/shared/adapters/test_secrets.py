"""Secrets of which the environment has only the names: read at the start, or the process does not start."""

import uuid
from collections.abc import Callable

import pytest

from shared.adapters.aws.clients import AwsClients
from shared.kernel.settings import Misconfigured
from shared.wired.settings import deployed_settings

KEY = "a-key-of-enough-characters"


@pytest.fixture
def keep(adapter_aws: AwsClients, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Keep a secret at the stand-in, where this environment looks too; return its name."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", adapter_aws.sqs.meta.endpoint_url)

    def kept(secret: str) -> str:
        name = f"dev/speaktracker/{uuid.uuid4().hex}"
        adapter_aws.client("secretsmanager").create_secret(Name=name, SecretString=secret)
        return name

    return kept


def test_a_named_secret_is_read(keep: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURSOR_KEY", f"secretsmanager:{keep(KEY)}")
    monkeypatch.setenv("FLOWER_BASIC_AUTH", f"operator:secretsmanager:{keep('let-me-see')}")

    settings = deployed_settings()

    assert settings.cursor_key.get_secret_value() == KEY
    assert settings.flower_basic_auth is not None
    assert settings.flower_basic_auth.get_secret_value() == "operator:let-me-see"


def test_a_secret_in_the_environment_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")  # nobody is asked
    monkeypatch.setenv("CURSOR_KEY", KEY)

    assert deployed_settings().cursor_key.get_secret_value() == KEY


def test_a_secret_that_is_not_there_stops_the_start(
    keep: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURSOR_KEY", "secretsmanager:dev/speaktracker/nobody-made-it")

    with pytest.raises(Misconfigured, match=r"CURSOR_KEY: the secret \S+ cannot be read: ResourceNotFound"):
        deployed_settings()


def test_a_secret_is_held_to_the_rules_of_its_setting(
    keep: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURSOR_KEY", f"secretsmanager:{keep('short')}")

    with pytest.raises(Misconfigured, match="CURSOR_KEY"):
        deployed_settings()


def test_a_secret_stands_in_no_message(keep: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURSOR_KEY", f"secretsmanager:{keep('kept-dark')}")

    with pytest.raises(Misconfigured) as refused:
        deployed_settings()

    assert "kept-dark" not in str(refused.value)
