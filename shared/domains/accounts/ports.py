"""What accounts need from outside."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Protocol

from shared.domains.accounts.models import Account, Claims, Identity, Origin, SignIn, Tokens
from shared.domains.notifications.models import Notification
from shared.kernel.ports import EmailOwners

Keep = Callable[[Notification], object]
"""Stores a notification, where it is not there yet, pushes it, and has the person paged who is away."""


class IdentityProvider(Protocol):
    """Who people are: Amazon Cognito. Every method raises Unavailable where it does not answer."""

    def sign_up(self, identity: Identity, password: str) -> str:
        """Make a person and send a code; return the userId.

        Whoever registered the same address before and never proved it is replaced, with password, name and role: so
        nobody waits in an address for its owner, and the same call again is one registration.

        Raises:
            EmailTaken: the e-mail is somebody's, proved.
            WeakPassword: the provider wants a better password.
        """

    def time(self, now: datetime) -> datetime:
        """Return what the provider's clock shows when ours shows `now`, as far as it is known; its tokens tell it."""

    def confirm(self, email: str, code: str) -> None:
        """Prove an e-mail, or raise WrongCode."""

    def resend(self, email: str) -> None:
        """Send the code again; an unknown e-mail is passed over."""

    def sign_in(self, email: str, password: str) -> Tokens:
        """Return tokens, or raise WrongCredentials or, whatever the password is, NotConfirmed."""

    def refresh(self, refresh_token: str) -> Tokens:
        """Return new access and id tokens, or raise SignInEnded."""

    def revoke(self, refresh_token: str) -> None:
        """End a refresh token; one that has ended is passed over."""

    def forgot(self, email: str) -> None:
        """Send a code to reset the password, or to prove an address that was never proved; unknown is passed over."""

    def reset(self, email: str, code: str, password: str) -> None:
        """Set a password by a code, which also proves the address; or raise WrongCode or WeakPassword."""

    def change_password(self, access_token: str, old: str, new: str) -> None:
        """Set a password by the one before, or raise WrongCredentials or WeakPassword."""

    def identify(self, access_token: str) -> Identity:
        """Return who an access token belongs to.

        Raises:
            SignInEnded: it has ended at the provider, or its person was deleted or disabled there.
        """

    def find(self, name: str) -> Identity | None:
        """Return a person by userId or e-mail; None where there is none."""

    def end_all(self, user_id: str) -> None:
        """End every refresh token of a person; of an unknown one there are none."""

    def lock(self, user_id: str) -> None:
        """Let a person sign in no more; an unknown one is passed over."""

    def unlock(self, user_id: str) -> None:
        """Let a person sign in again; an unknown one is passed over."""

    def delete(self, user_id: str) -> None:
        """Forget a person; an unknown one is passed over."""


class Registrations(Protocol):
    """Passwords of registrations whose e-mail is not proved yet."""

    def keep(self, email: str, password: str) -> None:
        """Keep the password of the newest registration of an address for a day, as a hash."""

    def is_right(self, email: str, password: str) -> bool:
        """Tell whether the password is that of the newest registration of an address."""


class TokenReader(Protocol):
    """Reads access tokens."""

    def verify(self, token: str) -> Claims:
        """Return what an access token says, or raise SignInEnded; Unavailable where the pool's keys cannot be had."""


class Mailer(Protocol):
    """Sends e-mail."""

    def send(self, address: str, subject: str, text: str) -> None:
        """Send one mail, or raise Unavailable; an address that takes none is passed over."""


class PersonalData(Protocol):
    """Everything that is kept of a person."""

    def gather(self, user_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give the kind and the fields of each thing kept of a person."""

    def erase(self, user_id: str) -> dict[str, int]:
        """Remove or make nameless all of it but the account itself; return how many of each kind. Again: the rest."""

    def erase_account(self, user_id: str, email: str) -> None:
        """Remove the account, its e-mail and its sign-ins; again changes nothing."""

    def erased_lately(self) -> list[str]:
        """Return the userIds of those whose account was removed in the last 15 days."""


class Archives(Protocol):
    """Archives that people fetch within a day."""

    def keep(self, user_id: str, name: str, parts: Iterator[tuple[str, dict[str, Any]]]) -> str:
        """Store one archive of everything given, and return its presigned address, good for one hour."""


class AccountReader(Protocol):
    """Accounts, to read."""

    def get(self, user_id: str) -> Account | None:
        """Return an account."""


class AccountStore(AccountReader, EmailOwners, Protocol):
    """Accounts as they are stored."""

    def add(self, account: Account, *, replacing: str | None = None) -> None:
        """Store a new account and make the e-mail its own, both or neither; where it is there already nothing changes.

        The e-mail may be taken from one other account, `replacing`, whose person is no more.

        Raises:
            EmailTaken: the e-mail is another account's; of two at once one gets it.
        """

    def change(self, user_id: str, fields: dict[str, Any]) -> Account:
        """Set fields by their names in the model, None clears, and return the account; the e-mail is none of them.

        Raises:
            AccountNotFound: there is none.
        """

    def change_email(self, account: Account, email: str) -> Account:
        """Give an account another e-mail and free the one before, both or neither.

        Raises:
            EmailTaken: it is another account's.
        """


class SignInStore(Protocol):
    """Sign-ins as they are stored; one that was not used for 30 days is forgotten."""

    def add(self, sign_in: SignIn) -> None:
        """Store a sign-in; the same again changes nothing."""

    def of(self, user_id: str) -> list[SignIn]:
        """Return a person's sign-ins that have not ended, the last used first, as things stand."""

    def touch(self, user_id: str, sign_in_id: str, at: str) -> None:
        """Note a use; an unknown or ended one is passed over."""

    def end(self, user_id: str, sign_in_id: str, at: str) -> bool:
        """Note an end, and tell whether there was such a sign-in, not ended yet."""


class Revocations(Protocol):
    """Sign-ins that ended before their tokens did."""

    def revoke(self, session_id: str, *, until: int) -> None:
        """Refuse a sign-in's tokens from now on; `until` (epoch seconds) the last of them ends by itself."""

    def is_revoked(self, session_id: str) -> bool:
        """Tell whether a sign-in has ended, also where Redis has lost its memory."""


class Guessing(Protocol):
    """How often somebody may be wrong; it never fails: without Redis each process counts on its own."""

    def admit(self, kind: str, email: str, origin: Origin) -> None:
        """Let a try pass.

        Tries from a device that the account knows wait only for each other, so nobody can lock an owner out.

        Raises:
            RateLimited: after ten wrong ones on this account, from wherever, each costs twice the wait of the one
                before, up to 15 minutes; after many from one address, on whichever accounts, that address waits.
        """

    def failed(self, kind: str, email: str, origin: Origin) -> None:
        """Count a wrong try."""

    def succeeded(self, email: str, origin: Origin) -> bool:
        """Know the device from now on, for half a year, and tell whether it was known before."""

    def may_mail(self, email: str, origin: Origin) -> bool:
        """Count a mail to an address, and tell whether it may be sent: ten an hour to one, 3,000 from one origin."""
