"""What is stored of accounts, and what signing in gives."""

from dataclasses import dataclass
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


class OwnerNews(StrEnum):
    """What the owner of an account is told of, wherever they are."""

    NEW_DEVICE = "new_device"
    PASSWORD_RESET = "password_reset"
    PASSWORD_CHANGED = "password_changed"


PASSWORDS, CODES = "password", "code"
"""What is guessed; each is counted on its own."""

DEFAULT_TIME_ZONE = "Asia/Seoul"


class Account(Contract):
    """A person; `is_accepting` and `max_students` are a tutor's, and None for a student.

    Without a language, texts follow the client's Accept-Language. `is_confirmed` tells that the e-mail was proved:
    before that, nobody is shown the account. Sign-ins from before `signed_out_before` (epoch seconds) have ended, also
    those that were begun at the identity provider itself and are in no list, but for `kept_sign_in`.

    Recordings are kept for 30 days, or only until they are scored; tutors see results and hear recordings only where
    their student agreed. `told_of_recordings` says that the student was told so, at the first one.
    `daily_goal_minutes` is how long somebody means to speak a day; None where they set no goal.
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
    keep_recordings: bool = True
    share_results: bool = False
    share_recordings: bool = False
    told_of_recordings: bool = False
    daily_goal_minutes: int | None = None
    is_confirmed: bool = False
    is_locked: bool = False
    signed_out_before: int | None = None
    kept_sign_in: str | None = None
    created_at: str

    def takes(self, *, sign_in_id: str, signed_in_at: int) -> bool:
        """Tell whether a sign-in of that age still counts: not a locked person's, nor one that was ended with all."""
        if self.is_locked:
            return False
        return signed_in_at >= (self.signed_out_before or 0) or sign_in_id == self.kept_sign_in


class Identity(Contract):
    """What the identity provider knows of a person; an e-mail that is not verified says nothing of who they are."""

    user_id: str
    email: str
    name: str
    role: Role
    language: Language | None = None
    is_email_verified: bool = True
    is_enabled: bool = True


class Origin(Contract):
    """Where a call comes from; `device` is what the browser or program keeps, None where it keeps nothing."""

    address: str
    device: str | None = None
    agent: str = ""


class SignIn(Contract):
    """One sign-in of a person; `device` is what the client calls itself, `device_digest` tells devices apart."""

    sign_in_id: str
    user_id: str
    device: str
    device_digest: str
    created_at: str
    last_used_at: str
    ended_at: str | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified access token says; times are epoch seconds, and refreshed tokens keep when one signed in."""

    user_id: str
    session_id: str
    expires_at: int
    groups: frozenset[str]
    signed_in_at: int = 0


class Tokens(Contract):
    """What signing in gives; `expires_in` in seconds. A refresh gives no new refresh token."""

    access_token: str
    id_token: str
    refresh_token: str | None = None
    expires_in: int
