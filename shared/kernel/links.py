"""Links that people send each other: which of them a page may open."""

import ipaddress
import unicodedata
from urllib.parse import urlsplit

_HERE = (".localhost", ".local", ".internal", ".home.arpa", ".lan")
"""Names that each network, or each machine, gives for itself (RFC 6761, 6762, 8375)."""


def is_public_link(text: str) -> bool:
    """Tell whether a text is an address of HTTPS on the public internet, and nothing that looks like one.

    No names are resolved: what a public name leads to may change after any look at it. Nothing is fetched by us.
    """
    if any(one.isspace() or one == "\\" or unicodedata.category(one).startswith("C") for one in text):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or parts.username is not None or parts.password is not None:
        return False
    return _is_public(host)


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        name = host.rstrip(".")
    last = name.rpartition(".")[2]
    is_name = "." in name and not last.isdecimal() and not last.startswith("0x")  # what browsers read as an IPv4 number
    return is_name and name.isascii() and not name.endswith(_HERE)
