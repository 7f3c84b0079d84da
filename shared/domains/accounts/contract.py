"""What clients ask of accounts and are told."""

import unicodedata
import uuid
from typing import Annotated, Any, ClassVar, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from shared.domains.accounts.models import Account, Language, Origin, OwnerNews, Role, SignIn
from shared.kernel.bounds import Size
from shared.kernel.characters import named, shown_safely
from shared.kernel.contract import AwaitedJob, Command, Contract, Job
from shared.kernel.emails import Email
from shared.kernel.levels import LEVEL_NAMES, Level
from shared.kernel.ports import Clock
from shared.kernel.queues import Queue, WhenDead
from shared.kernel.times import timestamp


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


PersonName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(named)
]
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


class ChangePassword(Command):
    """Set a new password by the one before."""

    old_password: Password
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
    keep_recordings: bool | None = None
    share_results: bool | None = None
    share_recordings: bool | None = None
    daily_goal_minutes: int | None = Field(None, ge=1, le=600, strict=True)


class RequestProfileImage(Command):
    """Ask where to put a profile image."""

    content_type: Annotated[str, StringConstraints(max_length=100)]
    size: Size


class AccountShown(Contract):
    """An account as its owner sees it; `profile_image_url` is a presigned GET, good for one hour.

    `is_operator` tells whether the calls of operators are allowed to this sign-in.
    """

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
    keep_recordings: bool
    share_results: bool
    share_recordings: bool
    daily_goal_minutes: int | None
    is_operator: bool
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


class EraseOwnAccount(Command):
    """Leave for good."""

    password: Password


class SignInItem(Contract):
    """One of one's sign-ins; `current` is the one that asks."""

    id: str
    device: str
    created_at: str
    last_used_at: str
    current: bool

    @classmethod
    def of(cls, one: SignIn, current_id: str) -> Self:
        """Return what its owner sees of a sign-in."""
        shown = one.model_dump(include={"device", "created_at", "last_used_at"})
        return cls(id=one.sign_in_id, current=one.sign_in_id == current_id, **shown)


class SignedIn(Contract):
    """The tokens of a sign-in, and who signed in."""

    access_token: str
    refresh_token: str | None
    id_token: str
    expires_in: int
    user: SignedInUser


class Registered(Contract):
    """Who signed up; the account is there once the e-mail is proved."""

    user_id: str
    email: str


class Refreshed(Contract):
    """New tokens of a sign-in; `expires_in` in seconds."""

    access_token: str
    id_token: str
    expires_in: int


class SignInList(Contract):
    """One's sign-ins, the last used first."""

    sign_ins: list[SignInItem]


class SignInsEnded(Contract):
    """How many other sign-ins ended."""

    ended: int


class TellOwner(Job):
    """Tell the owner of an account what happened to it: by a notification and by e-mail."""

    name: ClassVar[str] = "accounts.tell_owner"
    queue: ClassVar[Queue] = Queue.PERSISTENCE

    user_id: str
    news: OwnerNews
    device: str
    at: str
    notification_id: str

    @classmethod
    def of(cls, user_id: str, news: OwnerNews, origin: Origin, clock: Clock) -> Self:
        """Return the job for what happens now; the same news of one instant is one notification."""
        at = timestamp(clock.now())
        name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{user_id}\n{news}\n{at}"))
        return cls(user_id=user_id, news=news, device=shown_safely(origin.agent)[:200], at=at, notification_id=name)

    def identity(self) -> str | None:
        """Return the notification's id: told once, however often the job is delivered."""
        return self.notification_id


class TellOfRecordings(Job):
    """Tell a student at the first recording what becomes of recordings, and what may be chosen; once."""

    name: ClassVar[str] = "accounts.tell_of_recordings"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.REPLAY

    user_id: str
    at: str

    def notification_id(self) -> str:
        """Return the notification's id: each student has one of these."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.user_id}\nrecordings"))


class ExportAccount(AwaitedJob):
    """Gather everything of a person into one archive; again makes the same archive anew."""

    name: ClassVar[str] = "accounts.export_account"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True


class SweepErasures(Job):
    """Remove what arrived after its person was removed: what waited on a queue, or a dead letter that was replayed."""

    name: ClassVar[str] = "accounts.sweep_erasures"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.DISCARD


class EraseAccount(AwaitedJob):
    """Remove a person everywhere; again removes what is left."""

    name: ClassVar[str] = "accounts.erase_account"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.REPLAY
