"""What the process is told of its partner by its environment; a wrong value is refused at the start."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

FIRST_TOKEN_MS = 400
TOKENS_PER_SECOND = 40
"""What a small hosted model does; 0 means at once."""
GUARDED_WORDS = "bomb,cocaine"


class EngineName(StrEnum):
    """The engine that speaks: rules of our own, or a model behind an OpenAI-compatible endpoint."""

    BUILTIN = "builtin"
    OPENAI = "openai"


class PartnerMisconfigured(Exception):
    """A setting of the partner is wrong; the message names it and says what is taken."""


class Compatible(NamedTuple):
    """An OpenAI-compatible endpoint: its base address (up to `/v1`), the model, and a key where one is needed."""

    url: str
    model: str
    key: str = ""


class PartnerSettings(NamedTuple):
    """How the stand-in behaves; `throttle_every` 0 throttles nobody, n refuses every nth call."""

    engine: EngineName = EngineName.BUILTIN
    first_token_seconds: float = FIRST_TOKEN_MS / 1000
    tokens_per_second: float = TOKENS_PER_SECOND
    throttle_every: int = 0
    guarded_words: tuple[str, ...] = tuple(GUARDED_WORDS.split(","))
    compatible: Compatible | None = None


def read_partner_settings(environment: Mapping[str, str]) -> PartnerSettings:
    """Return the settings, with the defaults of docs/partner.md for what is absent or empty.

    Raises:
        PartnerMisconfigured: a value is not of its kind, or the endpoint of engine `openai` is not named.
    """
    engine = _engine(environment)
    return PartnerSettings(
        engine,
        _number(environment, "PARTNER_FIRST_TOKEN_MS", FIRST_TOKEN_MS) / 1000,
        _number(environment, "PARTNER_TOKENS_PER_SECOND", TOKENS_PER_SECOND),
        _whole(environment, "PARTNER_THROTTLE_EVERY"),
        _words(environment.get("PARTNER_GUARDED_WORDS", GUARDED_WORDS)),
        _compatible(environment) if engine is EngineName.OPENAI else None,
    )


def _engine(environment: Mapping[str, str]) -> EngineName:
    named = environment.get("PARTNER_ENGINE") or EngineName.BUILTIN
    try:
        return EngineName(named)
    except ValueError:
        taken = ", ".join(EngineName)
        raise PartnerMisconfigured(f"PARTNER_ENGINE is {named!r}, but must be one of: {taken}.") from None


def _number(environment: Mapping[str, str], name: str, otherwise: float) -> float:
    written = environment.get(name) or str(otherwise)
    try:
        number = float(written)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1_000_000:
        raise PartnerMisconfigured(f"{name} is {written!r}, but must be a number from 0 to 1,000,000.")
    return number


def _whole(environment: Mapping[str, str], name: str) -> int:
    written = environment.get(name) or "0"
    if not written.isdecimal() or len(written) > 6:
        raise PartnerMisconfigured(f"{name} is {written!r}, but must be a whole number, 0 for never.")
    return int(written)


def _words(written: str) -> tuple[str, ...]:
    return tuple(word.strip().lower() for word in written.split(",") if word.strip())


def _compatible(environment: Mapping[str, str]) -> Compatible:
    url, model = environment.get("PARTNER_OPENAI_URL", ""), environment.get("PARTNER_OPENAI_MODEL", "")
    if not _is_address(url):
        raise PartnerMisconfigured(
            f"PARTNER_ENGINE=openai needs PARTNER_OPENAI_URL, such as http://127.0.0.1:11434/v1, and not {url!r}."
        )
    if not model:
        raise PartnerMisconfigured("PARTNER_ENGINE=openai needs PARTNER_OPENAI_MODEL, a model that the endpoint has.")
    return Compatible(url.rstrip("/"), model, environment.get("PARTNER_OPENAI_KEY", ""))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
