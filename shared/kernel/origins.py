"""Origins as browsers write them: scheme, host, and a port that is not the scheme's own."""

import re
from urllib.parse import SplitResult, urlsplit

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]")


def origin_of(address: str) -> str:
    """Return the origin of an address, whatever path it has.

    Raises:
        ValueError: it is no address of HTTP.
    """
    parts = urlsplit(address.strip())
    if parts.scheme.lower() not in _PORTS or not parts.hostname or parts.username is not None:
        raise ValueError(f"{address!r} is no address like https://app.example.com")
    return _written(parts)


def host_of(address: str) -> str:
    """Return the host of an address, without its port.

    Raises:
        ValueError: it is no address of HTTP.
    """
    host = urlsplit(origin_of(address)).hostname or ""
    return f"[{host}]" if ":" in host else host


def allowed_host(text: str) -> str:
    """Return a host that requests may name, or a whole domain where it begins with a dot, as it is compared.

    Raises:
        ValueError: it is none: it has a scheme, a port, a path or a wildcard.
    """
    name = text.strip().lower()
    if not _HOST.fullmatch(name):
        raise ValueError(f"{text!r} is no host like app.example.com, or .example.com for all of a domain")
    return name


def allowed_origin(text: str) -> str:
    """Return an origin that pages may come from, in the form in which browsers send it.

    Raises:
        ValueError: no browser can send it.
    """
    parts = urlsplit(text.strip())
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"{text!r} names a page; an origin is like https://app.example.com")
    return origin_of(text)


def _written(parts: SplitResult) -> str:
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return f"{scheme}://{host}" + (f":{port}" if port is not None and port != _PORTS[scheme] else "")
