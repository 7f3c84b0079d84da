"""What is stored of accounts, and what signing in gives."""

from enum import StrEnum

from shared.kernel.contract import Contract
from shared.kernel.levels import Level


class Role(StrEnum):
    """What an account is on the platform."""

    STUDENT = "student"
    TUTOR = "tutor"


class Language(StrEnum):
    """A language that texts for people are written in."""

    KOREAN = "ko"
    ENGLISH = "en"


DEFAULT_TIME_ZONE = "Asia/Seoul"


class Account(Contract):
    """A person; `is_accepting` and `max_students` are a tutor's, and None for a student.

    Without a language, texts follow the client's Accept-Language. `is_confirmed` tells that the e-mail was proved:
    before that, nobody is shown the account.
    """

    user_id: str
    email: str
    name: str
    role: Role
    language: Language | None = None
    level: Level | None = None
    time_zone: str = DEFAULT_TIME_ZONE
    profile_image_key: str | None = None
    is_accepting: bool | None = None
    max_students: int | None = None
    is_confirmed: bool = False
    created_at: str


class Identity(Contract):
    """What the identity provider knows of a person."""

    user_id: str
    email: str
    name: str
    role: Role
    language: Language | None = None


class Tokens(Contract):
    """What signing in gives; `expires_in` in seconds. A refresh gives no new refresh token."""

    access_token: str
    id_token: str
    refresh_token: str | None = None
    expires_in: int
