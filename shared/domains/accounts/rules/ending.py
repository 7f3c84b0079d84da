"""Ending sign-ins: one, all others, or all of them."""

from contextlib import suppress
from datetime import timedelta

from shared.domains.accounts.errors import SignInEnded, SignInNotFound
from shared.domains.accounts.models import SignIn
from shared.domains.accounts.ports import SignInStore
from shared.domains.accounts.rules.desk import Desk
from shared.domains.practice.contract import EndSessions
from shared.kernel.errors import Unavailable
from shared.kernel.principal import Principal
from shared.kernel.times import epoch_seconds, timestamp
from shared.kernel.topics import session_topic

SIGNED_OUT_CODE = 4401
TOKEN_LIFE = timedelta(hours=1)
REFRESH_LIFE = timedelta(days=30)


def logout(refresh_token: str, principal: Principal, desk: Desk) -> None:
    """End this sign-in: its refresh token, its access tokens from now on, and its sockets; again changes nothing.

    The refresh token goes first: where that fails, the access token still lets the client ask again. Somebody else's,
    which a browser that two people share may send, lives on.
    """
    if _belongs_to(principal.user_id, refresh_token, desk):
        desk.identities.revoke(refresh_token)
    _end(principal.user_id, principal.session_id, desk)


def list_sign_ins(principal: Principal, *, sign_ins: SignInStore) -> list[SignIn]:
    """Return one's sign-ins that have not ended, the last used first."""
    return sign_ins.of(principal.user_id)


def end_sign_in(sign_in_id: str, principal: Principal, desk: Desk) -> None:
    """End one of one's sign-ins, wherever it is; the one that asks, too.

    Raises:
        SignInNotFound: there is none, it has ended, or it is somebody else's.
    """
    if all(one.sign_in_id != sign_in_id for one in desk.sign_ins.of(principal.user_id)):
        raise SignInNotFound
    _end(principal.user_id, sign_in_id, desk)


def end_other_sign_ins(principal: Principal, desk: Desk) -> int:
    """End all of one's sign-ins but the one that asks, and return how many were listed; again changes nothing."""
    return end_all_sign_ins(principal.user_id, desk, keep=principal.session_id)


def end_all_sign_ins(user_id: str, desk: Desk, *, keep: str | None = None) -> int:
    """End a person's sign-ins, those too that were begun at the identity provider itself, but for `keep`.

    The account is changed first: from then on no gateway takes an older sign-in, whatever fails of the rest.
    """
    now = epoch_seconds(desk.identities.time(desk.clock.now()))  # tokens tell the provider's time
    desk.accounts.change(user_id, {"signed_out_before": now, "kept_sign_in": keep})
    listed = [one.sign_in_id for one in desk.sign_ins.of(user_id) if one.sign_in_id != keep]
    for sign_in_id in listed:
        _end(user_id, sign_in_id, desk)
    return len(listed)


def _belongs_to(user_id: str, refresh_token: str, desk: Desk) -> bool:
    """Tell by an access token made from it, for Cognito seals its refresh tokens; one that has ended is nobody's."""
    try:
        renewed = desk.identities.refresh(refresh_token)
        return desk.tokens.verify(renewed.access_token).user_id == user_id
    except SignInEnded:
        return False


def _end(user_id: str, sign_in_id: str, desk: Desk) -> None:
    """Refuse a sign-in's tokens for as long as one of them may live, close its sockets, end its learning sessions.

    A bus or a queue that is away is no reason to fail: gateways look at the record of what ended as soon as the bus is
    back, and a session in which nothing happens ends by itself.
    """
    now = desk.clock.now()
    desk.revocations.revoke(sign_in_id, until=epoch_seconds(now + REFRESH_LIFE + TOKEN_LIFE))
    desk.sign_ins.end(user_id, sign_in_id, timestamp(now))
    with suppress(Unavailable):
        desk.events.close(session_topic(user_id), SIGNED_OUT_CODE, reason="signed out", session_id=sign_in_id)
    with suppress(Unavailable):
        desk.jobs.enqueue(EndSessions(user_id=user_id, sign_in=sign_in_id))
