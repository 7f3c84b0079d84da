"""Locking a person out, and letting them in again: what operators may do."""

from shared.domains.accounts.errors import AccountNotFound
from shared.domains.accounts.ports import AccountStore
from shared.domains.accounts.rules.desk import Desk
from shared.domains.accounts.rules.ending import end_all_sign_ins


def lock(email: str, desk: Desk) -> None:
    """Let a person sign in no more, and end what they have open; again is fine.

    Raises:
        AccountNotFound: nobody has that e-mail.
    """
    user_id = _owner(email, desk.accounts)
    desk.accounts.change(user_id, {"is_locked": True})
    desk.identities.lock(user_id)
    end_all_sign_ins(user_id, desk)
    desk.identities.end_all(user_id)


def unlock(email: str, desk: Desk) -> None:
    """Let a person sign in again; again is fine.

    Raises:
        AccountNotFound: nobody has that e-mail.
    """
    user_id = _owner(email, desk.accounts)
    desk.identities.unlock(user_id)
    desk.accounts.change(user_id, {"is_locked": False})


def _owner(email: str, accounts: AccountStore) -> str:
    user_id = accounts.owner(email)
    if user_id is None:
        raise AccountNotFound
    return user_id
