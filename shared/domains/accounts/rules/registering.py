"""Becoming somebody: registering, proving the e-mail, and the account that follows from both."""

from shared.domains.accounts.contract import Confirm, Register, Resend
from shared.domains.accounts.errors import AccountNotFound, EmailTaken, NotConfirmed, TooManyMails, WrongCode
from shared.domains.accounts.models import CODES, Account, Identity, Origin, Role
from shared.domains.accounts.ports import AccountStore, IdentityProvider
from shared.domains.accounts.rules.desk import Desk
from shared.domains.accounts.rules.passwords import check_password
from shared.kernel.errors import Unavailable
from shared.kernel.ports import Clock
from shared.kernel.times import timestamp

MAX_STUDENTS = 10


def register(command: Register, origin: Origin, desk: Desk) -> Identity:
    """Sign a person up; until the e-mail is proved there is no account here. A code goes out by e-mail.

    The same again, or somebody else's registration of the same address, takes the place of what was not proved.

    Raises:
        EmailTaken: the e-mail is somebody's.
        WeakPassword: the password is too easy.
        TooManyMails: too many codes went to this address, or were asked for from there.
    """
    check_password(command.password)
    if not desk.guessing.may_mail(command.email, origin):
        raise TooManyMails
    wanted = command.model_dump(include={"email", "name", "role", "language"})
    identity = Identity(user_id="", is_email_verified=False, **wanted)
    try:
        user_id = desk.identities.sign_up(identity, command.password)
    except EmailTaken:
        desk.registrations.is_right(command.email, command.password)  # as much work as to keep one
        raise
    desk.registrations.keep(command.email, command.password)
    return identity.model_copy(update={"user_id": user_id})


def confirm(command: Confirm, origin: Origin, desk: Desk) -> None:
    """Prove an e-mail, and make the account that it belongs to.

    Raises:
        WrongCode: it is wrong or expired.
        RateLimited: too many wrong ones came before.
    """
    desk.guessing.admit(CODES, command.email, origin)
    try:
        desk.identities.confirm(command.email, command.code)
    except WrongCode:
        desk.guessing.failed(CODES, command.email, origin)
        raise
    try:
        identity = desk.identities.find(command.email)
        if identity is not None:
            ensure_account(identity, identities=desk.identities, accounts=desk.accounts, clock=desk.clock)
    except Unavailable:
        return  # the code is used up; the first sign-in makes the account


def resend(command: Resend, origin: Origin, desk: Desk) -> None:
    """Send the code again; for an unknown e-mail, or after too many, nothing happens, and nothing tells."""
    if desk.guessing.may_mail(command.email, origin):
        desk.identities.resend(command.email)


def ensure_account(
    identity: Identity, *, identities: IdentityProvider, accounts: AccountStore, clock: Clock
) -> Account:
    """Return the account of a person, made or brought up to date from what the identity provider knows of them.

    Raises:
        NotConfirmed: the e-mail was never proved, so that it says nothing of who this is.
        EmailTaken: another person has that e-mail here, and is still known to the provider.
    """
    account = accounts.get(identity.user_id)
    if not identity.is_email_verified:
        if account is None:
            raise NotConfirmed
        return account
    if account is None:
        return _added(account_of(identity, clock=clock), identities, accounts)
    if not account.is_confirmed:
        account = accounts.change(account.user_id, {"is_confirmed": True})
    return account if account.email == identity.email else accounts.change_email(account, identity.email)


def account_of(identity: Identity, *, clock: Clock) -> Account:
    """Return a new account with the defaults of its role; its e-mail is proved."""
    is_tutor = identity.role is Role.TUTOR
    return Account(
        **identity.model_dump(include={"user_id", "email", "name", "role", "language"}),
        is_accepting=True if is_tutor else None,
        max_students=MAX_STUDENTS if is_tutor else None,
        is_confirmed=True,
        created_at=timestamp(clock.now()),
    )


def _added(account: Account, identities: IdentityProvider, accounts: AccountStore) -> Account:
    """Store an account; an e-mail whose owner is gone or uses another is free for the person who has proved it."""
    try:
        accounts.add(account)
    except EmailTaken:
        before = accounts.owner(account.email)
        owner = identities.find(before) if before else None
        if owner is not None and owner.email == account.email:
            raise
        accounts.add(account, replacing=before)
    stored = accounts.get(account.user_id)
    if stored is None:
        raise AccountNotFound
    return stored
