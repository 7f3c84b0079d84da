"""Signing in and staying signed in."""

import hashlib
from contextlib import suppress

from shared.domains.accounts.contract import Login, SignedIn, SignedInUser, TellOwner
from shared.domains.accounts.errors import NotConfirmed, SignInEnded, WrongCredentials
from shared.domains.accounts.models import PASSWORDS, Account, Claims, Origin, OwnerNews, SignIn, Tokens
from shared.domains.accounts.rules.desk import Desk
from shared.domains.accounts.rules.registering import ensure_account
from shared.kernel.characters import shown_safely
from shared.kernel.errors import Unavailable
from shared.kernel.times import timestamp

LONGEST_DEVICE = 200
UNKNOWN_DEVICE = "unknown"


def login(command: Login, origin: Origin, desk: Desk) -> SignedIn:
    """Sign in; the owner is told of a device that the account does not know.

    Raises:
        WrongCredentials: e-mail or password is wrong, or the person is locked.
        NotConfirmed: the e-mail was not proved yet.
        RateLimited: too many wrong ones came before.
    """
    desk.guessing.admit(PASSWORDS, command.email, origin)
    try:
        tokens = desk.identities.sign_in(command.email, command.password)
    except (WrongCredentials, NotConfirmed) as problem:
        # That an address waits to be proved is told to who registered it, and to nobody else.
        is_registrant = desk.registrations.is_right(command.email, command.password)
        if isinstance(problem, NotConfirmed) and is_registrant:
            raise
        desk.guessing.failed(PASSWORDS, command.email, origin)
        raise WrongCredentials from problem
    identity = desk.identities.identify(tokens.access_token)
    account = ensure_account(identity, identities=desk.identities, accounts=desk.accounts, clock=desk.clock)
    claims = desk.tokens.verify(tokens.access_token)
    if not account.takes(sign_in_id=claims.session_id, signed_in_at=claims.signed_in_at):
        raise WrongCredentials
    _note_sign_in(account, claims, origin, desk)
    return SignedIn(**tokens.model_dump(), user=SignedInUser.of(account))


def refresh(refresh_token: str, desk: Desk) -> Tokens:
    """Return new access and id tokens.

    Raises:
        SignInEnded: it has ended, at the identity provider or here; then there, too, from now on.
    """
    tokens = desk.identities.refresh(refresh_token)
    claims = desk.tokens.verify(tokens.access_token)
    account = desk.accounts.get(claims.user_id)
    is_taken = account is None or account.takes(sign_in_id=claims.session_id, signed_in_at=claims.signed_in_at)
    if not is_taken or desk.revocations.is_revoked(claims.session_id):
        desk.identities.revoke(refresh_token)
        raise SignInEnded
    with suppress(Unavailable):
        desk.sign_ins.touch(claims.user_id, claims.session_id, timestamp(desk.clock.now()))
    return tokens


def device_digest(user_id: str, origin: Origin) -> str:
    """Return what tells a person's devices apart: what the device keeps, else its address and its name for itself."""
    kept = origin.device or f"{origin.address}\n{origin.agent}"
    return hashlib.sha256(f"{user_id}\n{kept}".encode()).hexdigest()


def _note_sign_in(account: Account, claims: Claims, origin: Origin, desk: Desk) -> None:
    now, digest = timestamp(desk.clock.now()), device_digest(account.user_id, origin)
    was_known = desk.guessing.succeeded(account.email, origin)
    is_first = account.signed_out_before is None and not desk.sign_ins.of(account.user_id)
    desk.sign_ins.add(
        SignIn(
            sign_in_id=claims.session_id,
            user_id=account.user_id,
            device=shown_safely(origin.agent)[:LONGEST_DEVICE] or UNKNOWN_DEVICE,
            device_digest=digest,
            created_at=now,
            last_used_at=now,
        )
    )
    if not was_known and not is_first:
        with suppress(Unavailable):  # a notice that cannot be queued is no reason to keep somebody out
            desk.jobs.enqueue(TellOwner.of(account.user_id, OwnerNews.NEW_DEVICE, origin, desk.clock))
