"""E-mail addresses by one policy: what is taken, and when two are the same."""

import hashlib
import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[!-?A-~]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")


def canonical_email(text: str) -> str:
    """Return the one form of an address: NFKC, case-folded, without spaces around it.

    Only ASCII is left then (a domain in another script is written in punycode), so that no letter of another script
    looks like one of somebody's address.

    Raises:
        ValueError: it is none that can be taken.
    """
    address = unicodedata.normalize("NFKC", text.strip()).casefold()
    if len(address) > LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise ValueError("is not an e-mail address")
    return address


def email_digest(address: str) -> str:
    """Return what a canonical address is found by: of one length whatever it is, and without its letters."""
    return hashlib.sha256(address.encode()).hexdigest()


def named_email(text: str) -> str:
    """Return the canonical form of what may name somebody; what can be nobody's address stays, and finds nobody."""
    try:
        return canonical_email(text)
    except ValueError:
        return ""


_SCHEMA = {
    "type": "string",
    "pattern": r"^[!-?A-~]{1,64}@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$",
    "maxLength": LONGEST_EMAIL,
    "description": "Taken in any letter case; a domain in another script is written in punycode.",
}

Email = Annotated[str, AfterValidator(canonical_email), WithJsonSchema(_SCHEMA)]
NamedEmail = Annotated[str, AfterValidator(named_email)]
