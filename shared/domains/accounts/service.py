"""The rules of accounts: who may sign in, for how long, and what they may change."""

import string
from datetime import timedelta
from typing import Any

from shared.domains.accounts.contract import (
    AccountShown,
    Confirm,
    Forgot,
    Login,
    Register,
    RequestProfileImage,
    Resend,
    Reset,
    SignedIn,
    SignedInUser,
    UpdateAccount,
)
from shared.domains.accounts.errors import AccountNotFound, TutorsOnly, WeakPassword
from shared.domains.accounts.models import DEFAULT_TIME_ZONE, Account, Identity, Role, Tokens
from shared.domains.accounts.ports import AccountStore, IdentityProvider, Revocations
from shared.kernel.errors import Invalid
from shared.kernel.ports import Clock, EventBus
from shared.kernel.principal import Principal
from shared.kernel.times import epoch_seconds, timestamp
from shared.kernel.topics import session_topic
from shared.kernel.uploads import IMAGE_TYPES, UPLOAD_LIMIT, UploadOffer, UploadSigner, extension_of

SIGNED_OUT_CODE = 4401
TOKEN_LIFE = timedelta(hours=1)
SHORTEST_PASSWORD = 8
MAX_STUDENTS = 10
_SYMBOLS = frozenset(string.punctuation)
"""What Amazon Cognito counts as symbols (its password policy page), but for the space."""
_TUTORS_FIELDS = {"is_accepting": "isAccepting", "max_students": "maxStudents"}
_CLEARED = {"time_zone": DEFAULT_TIME_ZONE, "is_accepting": True, "max_students": MAX_STUDENTS}
"""What a field is when it is cleared, where that is not nothing."""


def check_password(password: str) -> None:
    """Refuse a password that is too easy.

    Raises:
        WeakPassword: under 8 characters, or without upper case, lower case, digit or symbol.
    """
    letters = set(password)
    kinds = (string.ascii_uppercase, string.ascii_lowercase, string.digits, _SYMBOLS)
    if len(password) < SHORTEST_PASSWORD or any(letters.isdisjoint(kind) for kind in kinds):
        raise WeakPassword


def register(command: Register, *, identities: IdentityProvider, accounts: AccountStore, clock: Clock) -> Account:
    """Make an account that nobody is shown before its e-mail is proved; a code goes out by e-mail.

    Raises:
        EmailTaken: the e-mail is known.
        WeakPassword: the password is too easy.
    """
    check_password(command.password)
    identity = Identity(
        user_id="",
        email=command.email,
        name=command.name,
        role=command.role,
        language=command.language,
    )
    user_id = identities.sign_up(identity, command.password)
    account = account_of(identity.model_copy(update={"user_id": user_id}), clock=clock)
    accounts.add(account)
    return account


def confirm(command: Confirm, *, identities: IdentityProvider, accounts: AccountStore) -> None:
    """Prove an e-mail, or raise WrongCode."""
    identities.confirm(command.email, command.code)
    accounts.confirm(command.email)


def resend(command: Resend, *, identities: IdentityProvider) -> None:
    """Send the code again; for an unknown e-mail nothing happens, and nothing tells."""
    identities.resend(command.email)


def login(command: Login, *, identities: IdentityProvider, accounts: AccountStore, clock: Clock) -> SignedIn:
    """Sign in.

    Raises:
        WrongCredentials: e-mail or password is wrong.
        NotConfirmed: the e-mail was not proved yet.
    """
    tokens = identities.sign_in(command.email, command.password)
    identity = identities.identify(tokens.access_token)
    account = ensure_account(identity, accounts=accounts, clock=clock)
    return SignedIn(**tokens.model_dump(), user=SignedInUser.of(account))


def refresh(refresh_token: str, *, identities: IdentityProvider) -> Tokens:
    """Return new access and id tokens, or raise SignInEnded."""
    return identities.refresh(refresh_token)


def logout(
    refresh_token: str,
    principal: Principal,
    *,
    identities: IdentityProvider,
    revocations: Revocations,
    events: EventBus,
    clock: Clock,
) -> None:
    """End this sign-in: its refresh token, its access tokens from now on, and its sockets; again changes nothing.

    The refresh token goes first: where that fails, the access token still lets the client ask again.
    """
    identities.revoke(refresh_token)
    until = epoch_seconds(clock.now() + TOKEN_LIFE)
    revocations.revoke(principal.session_id, until=max(until, principal.expires_at))
    events.close(
        session_topic(principal.user_id), SIGNED_OUT_CODE, reason="signed out", session_id=principal.session_id
    )


def forgot(command: Forgot, *, identities: IdentityProvider) -> None:
    """Send a code to reset the password; for an unknown e-mail nothing happens, and nothing tells."""
    identities.forgot(command.email)


def reset(command: Reset, *, identities: IdentityProvider) -> None:
    """Set a new password by a code, or raise WrongCode or WeakPassword."""
    check_password(command.new_password)
    identities.reset(command.email, command.code, command.new_password)


def ensure_account(identity: Identity, *, accounts: AccountStore, clock: Clock) -> Account:
    """Return the account of a person, made from what the identity provider knows where it is missing."""
    account = accounts.get(identity.user_id)
    if account is None:
        accounts.add(account_of(identity, clock=clock).model_copy(update={"is_confirmed": True}))
        account = accounts.get(identity.user_id)
    if account is None:
        raise AccountNotFound
    if not account.is_confirmed:  # signing in proves more than the note that may have been lost
        account = accounts.change(account.user_id, {"is_confirmed": True})
    return account


def account_of(identity: Identity, *, clock: Clock) -> Account:
    """Return a new account with the defaults of its role."""
    is_tutor = identity.role is Role.TUTOR
    return Account(
        **identity.model_dump(),
        is_accepting=True if is_tutor else None,
        max_students=MAX_STUDENTS if is_tutor else None,
        created_at=timestamp(clock.now()),
    )


def update_account(command: UpdateAccount, principal: Principal, *, accounts: AccountStore) -> Account:
    """Change what is given.

    Raises:
        Invalid: a field that may not be empty is cleared, a tutor's field is a student's, or the image is not theirs.
    """
    fields = {name: _value(command, name) for name in command.model_fields_set}
    for name, shown in _TUTORS_FIELDS.items():
        if name in fields and not principal.is_tutor:
            raise TutorsOnly(shown)
    if "name" in fields and fields["name"] is None:
        raise _wrong("name", "A name cannot be cleared.", "이름은 비울 수 없습니다.")
    key = fields.get("profile_image_key")
    if key is not None and not key.startswith(image_prefix(principal)):
        raise _wrong("profileImageKey", "The key was not issued to you.", "발급받은 업로드 키가 아닙니다.")
    return accounts.change(principal.user_id, fields)


def show_account(account: Account, *, uploads: UploadSigner) -> AccountShown:
    """Return an account as its owner sees it."""
    key = account.profile_image_key
    url = uploads.signed_url(key) if key else None
    return AccountShown(**account.model_dump(exclude={"is_confirmed"}), profile_image_url=url)


def _value(command: UpdateAccount, name: str) -> Any:
    given = getattr(command, name)
    return _CLEARED.get(name) if given is None else given


def _wrong(field: str, en: str, ko: str) -> Invalid:
    return Invalid(en, ko, details=[{"field": field, "message": en}])


def image_prefix(principal: Principal) -> str:
    """Return where a person's profile images lie."""
    return f"profile-images/{principal.user_id}/"


def offer_image(
    command: RequestProfileImage, principal: Principal, *, fresh_id: str, uploads: UploadSigner
) -> UploadOffer:
    """Offer a presigned POST for a profile image.

    Raises:
        UnsupportedMediaType: it is no image that browsers show.
        PayloadTooLarge: more than 10 MiB.
    """
    extension = extension_of(command.content_type, command.size, IMAGE_TYPES)
    return uploads.offer(f"{image_prefix(principal)}{fresh_id}.{extension}", command.content_type, UPLOAD_LIMIT)
