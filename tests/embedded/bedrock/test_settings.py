"""The partner's settings: their defaults, and the sentence that a wrong one is refused with at the start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from embedded.bedrock.settings import EngineName, PartnerMisconfigured, read_partner_settings
from embedded.running import free_port

OPENAI = {"PARTNER_ENGINE": "openai", "PARTNER_OPENAI_URL": "http://127.0.0.1:11434/v1/", "PARTNER_OPENAI_MODEL": "m"}


def test_without_any_the_built_in_partner_speaks_at_a_models_pace() -> None:
    settings = read_partner_settings({})

    assert settings.engine is EngineName.BUILTIN
    assert settings.first_token_seconds == 0.4
    assert settings.tokens_per_second == 40
    assert settings.throttle_every == 0


def test_an_endpoint_is_named_by_its_base() -> None:
    settings = read_partner_settings(OPENAI | {"PARTNER_OPENAI_KEY": "k"})

    assert settings.compatible is not None
    assert settings.compatible.url == "http://127.0.0.1:11434/v1"
    assert settings.compatible.key == "k"


@pytest.mark.parametrize(
    "wrong",
    [
        {"PARTNER_ENGINE": "gpt"},
        {"PARTNER_FIRST_TOKEN_MS": "soon"},
        {"PARTNER_FIRST_TOKEN_MS": "-1"},
        {"PARTNER_TOKENS_PER_SECOND": "nan"},
        {"PARTNER_THROTTLE_EVERY": "1.5"},
        OPENAI | {"PARTNER_OPENAI_URL": ""},
        OPENAI | {"PARTNER_OPENAI_URL": "127.0.0.1:11434"},
        OPENAI | {"PARTNER_OPENAI_URL": "http://host:port/v1"},
        OPENAI | {"PARTNER_OPENAI_MODEL": ""},
    ],
)
def test_a_wrong_one_is_refused_by_name(wrong: dict[str, str]) -> None:
    with pytest.raises(PartnerMisconfigured) as refusal:
        read_partner_settings(wrong)
    assert str(refusal.value).startswith("PARTNER_")
    assert str(refusal.value).endswith(".")


def test_the_endpoint_does_not_start_with_a_wrong_one(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "embedded.aws", "--port", str(free_port()), "--directory", str(tmp_path / "aws")]
    ended = subprocess.run(
        command, env=os.environ | {"PARTNER_ENGINE": "gpt"}, capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == 1
    assert ended.stderr == "Error: PARTNER_ENGINE is 'gpt', but must be one of: builtin, openai.\n"
