"""Types of settings that are read with care: what a library would take otherwise is refused or said plainly."""

from typing import Annotated

from pydantic import AfterValidator, SecretStr, ValidationInfo


def _one_login(login: SecretStr | None) -> SecretStr | None:
    text = login.get_secret_value() if login else "user:password"
    if "," in text or not all(text.partition(":")[::2]):
        raise ValueError("must be user:password, without a comma, which Flower takes for the end of a login")
    return login


def _with_certificate(url: str, info: ValidationInfo) -> str:
    if info.data.get("redis_certificate") != "none" or not url.startswith("rediss://") or "ssl_cert_reqs=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}ssl_cert_reqs=none"


OneLogin = Annotated[SecretStr | None, AfterValidator(_one_login)]
"""A user and a password; Flower itself would take several of them."""
RedisAddress = Annotated[str, AfterValidator(_with_certificate)]
"""An address of Redis that says whether its certificate counts, by the setting `redis_certificate` before it: every
client of Redis reads the address, and knows no setting of ours."""
