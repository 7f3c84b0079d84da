"""Which pages may call: those that are allowed, and the gateway's own, whatever a proxy makes of its address."""

from contextlib import suppress

from flask import request

from shared.kernel.origins import origin_of
from shared.kernel.settings import Settings


def is_welcome(origin: str, settings: Settings) -> bool:
    """Tell whether a page of that origin may open a WebSocket here."""
    return origin in settings.allowed_origins or origin in own_origins(settings)


def own_origins(settings: Settings) -> set[str]:
    """Return the gateway's own origin: that of PUBLIC_URL, else of the Host that was asked for.

    By which scheme a browser came is what proxies tell in many ways, or not at all, and a page of the same host is
    the same site by either.
    """
    if settings.public_url is not None:
        return {origin_of(settings.public_url)}
    own = set()
    with suppress(ValueError):
        own = {origin_of(f"{scheme}://{request.host}") for scheme in ("http", "https")}
    return own


def secure_address(settings: Settings) -> str:
    """Return the address of this request by https, with the prefix that a proxy took off."""
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    if settings.public_url is not None:
        return f"{settings.public_url.replace('http://', 'https://', 1)}{request.path}{query}"
    return request.url.replace("http://", "https://", 1)
