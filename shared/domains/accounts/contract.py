"""What clients ask of accounts and are told."""

import re
import unicodedata
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from shared.domains.accounts.models import Account, Language, Role
from shared.kernel.contract import Command, Contract
from shared.kernel.levels import LEVEL_NAMES, Level

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def _email(value: str) -> str:
    if len(value) > 254 or not _EMAIL.fullmatch(value):
        raise ValueError("is not an e-mail address")
    return value.lower()


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _time_zone(value: str) -> str:
    # Reads one file; listing all zones to look in the list would hold up every socket for 20 ms.
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a time zone of the IANA database") from None


def _composed(value: str) -> str:
    return unicodedata.normalize("NFC", value)


Email = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_email)]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Password = Annotated[str, Field(min_length=1, max_length=256, repr=False), AfterValidator(_composed)]
"""Composed (NFC), since keyboards differ in how they send a Hangul syllable."""
RefreshToken = Annotated[str, StringConstraints(min_length=1, max_length=8192)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]


class Register(Command):
    """Make an account; a verification code goes out by e-mail."""

    email: Email
    password: Password
    name: PersonName
    role: Annotated[Role, BeforeValidator(_lower)]
    language: Annotated[Language, BeforeValidator(_lower)] | None = None


class Confirm(Command):
    """Prove the e-mail."""

    email: Email
    code: Code


class Login(Command):
    """Sign in."""

    email: Email
    password: Password


class Refresh(Command):
    """Get a new access token; the web client leaves the refresh token to its cookie."""

    refresh_token: RefreshToken | None = Field(None, repr=False)


class Logout(Command):
    """End this sign-in; the web client leaves the refresh token to its cookie."""

    refresh_token: RefreshToken | None = Field(None, repr=False)


class Resend(Command):
    """Send the verification code again."""

    email: Email


class Forgot(Command):
    """Ask for a code to reset the password."""

    email: Email


class Reset(Command):
    """Set a new password by a code."""

    email: Email
    code: Code
    new_password: Password


class UpdateAccount(Command):
    """Change what is given; null clears what may be empty, absent keeps."""

    name: PersonName | None = None
    level: Level | None = Field(None, validation_alias=LEVEL_NAMES)
    language: Annotated[Language, BeforeValidator(_lower)] | None = None
    time_zone: TimeZone | None = None
    profile_image_key: Annotated[str, StringConstraints(max_length=300)] | None = None
    is_accepting: bool | None = None
    max_students: int | None = Field(None, ge=1, le=1000)


class RequestProfileImage(Command):
    """Ask where to put a profile image."""

    content_type: Annotated[str, StringConstraints(max_length=100)]
    size: int = Field(ge=1)


class AccountShown(Contract):
    """An account as its owner sees it; `profile_image_url` is a presigned GET, good for one hour."""

    user_id: str
    email: str
    name: str
    role: Role
    language: Language | None
    level: Level | None
    time_zone: str
    profile_image_key: str | None
    profile_image_url: str | None
    is_accepting: bool | None
    max_students: int | None
    created_at: str


class SignedInUser(Contract):
    """Who signed in."""

    user_id: str
    email: str
    role: Role
    name: str

    @classmethod
    def of(cls, account: Account) -> Self:
        """Return what a client needs of an account."""
        return cls(user_id=account.user_id, email=account.email, role=account.role, name=account.name)


class SignedIn(Contract):
    """The tokens of a sign-in, and who signed in."""

    access_token: str
    refresh_token: str | None
    id_token: str
    expires_in: int
    user: SignedInUser
