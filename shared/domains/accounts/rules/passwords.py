"""Passwords: which are taken, how one is changed, and how one that was lost is set anew."""

import string

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from shared.domains.accounts.contract import ChangePassword, Forgot, Reset, TellOwner
from shared.domains.accounts.errors import CommonPassword, WeakPassword, WrongCode, WrongCredentials, WrongPassword
from shared.domains.accounts.models import CODES, PASSWORDS, Origin, OwnerNews
from shared.domains.accounts.rules.desk import Desk
from shared.domains.accounts.rules.ending import end_all_sign_ins
from shared.kernel.principal import Principal

SHORTEST_PASSWORD = 8
_SYMBOLS = frozenset(string.punctuation)
"""What Amazon Cognito counts as symbols (its password policy page), but for the space."""
CONTEXT_WORDS = ("speaktracker", "speak-tracker", "speak_tracker")
"""What anybody tries here before anything else."""
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])
"""The 30,000 commonest passwords of known leaks, in small letters, as zxcvbn carries them."""


def check_password(password: str) -> None:
    """Refuse a password that is too easy.

    Raises:
        WeakPassword: under 8 characters, or without upper case, lower case, digit or symbol.
        CommonPassword: it meets that and is still among the first that anybody tries.
    """
    letters = set(password)
    kinds = (string.ascii_uppercase, string.ascii_lowercase, string.digits, _SYMBOLS)
    if len(password) < SHORTEST_PASSWORD or any(letters.isdisjoint(kind) for kind in kinds):
        raise WeakPassword
    if password.lower() in _COMMON or any(word in password.lower() for word in CONTEXT_WORDS):
        raise CommonPassword


def change_password(
    command: ChangePassword, principal: Principal, access_token: str, origin: Origin, desk: Desk
) -> None:
    """Set a new password by the one before; every other sign-in of the account ends.

    Raises:
        WrongPassword: the one before is wrong.
        WeakPassword, CommonPassword: the new one is too easy.
        RateLimited: too many wrong ones came before.
    """
    check_password(command.new_password)
    desk.guessing.admit(PASSWORDS, principal.email, origin)
    try:
        desk.identities.change_password(access_token, command.old_password, command.new_password)
    except WrongCredentials as problem:
        desk.guessing.failed(PASSWORDS, principal.email, origin)
        raise WrongPassword from problem
    end_all_sign_ins(principal.user_id, desk, keep=principal.session_id)
    desk.jobs.enqueue(TellOwner.of(principal.user_id, OwnerNews.PASSWORD_CHANGED, origin, desk.clock))


def forgot(command: Forgot, origin: Origin, desk: Desk) -> None:
    """Send a code to reset the password; unknown e-mails and too many are passed over, and nothing tells."""
    if desk.guessing.may_mail(command.email, origin):
        desk.identities.forgot(command.email)


def reset(command: Reset, origin: Origin, desk: Desk) -> None:
    """Set a new password by a code; every sign-in of the account ends.

    Raises:
        WrongCode: the code is wrong or expired, or the e-mail unknown.
        WeakPassword, CommonPassword: the new one is too easy.
        RateLimited: too many wrong ones came before.
    """
    check_password(command.new_password)
    desk.guessing.admit(CODES, command.email, origin)
    try:
        desk.identities.reset(command.email, command.code, command.new_password)
    except WrongCode:
        desk.guessing.failed(CODES, command.email, origin)
        raise
    user_id = desk.accounts.owner(command.email)
    if user_id is None:  # an address that was registered and never proved: nobody has signed in by it
        return
    end_all_sign_ins(user_id, desk)
    desk.identities.end_all(user_id)
    desk.jobs.enqueue(TellOwner.of(user_id, OwnerNews.PASSWORD_RESET, origin, desk.clock))
