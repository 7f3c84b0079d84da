"""What accounts need from outside."""

from typing import Any, Protocol

from shared.domains.accounts.models import Account, Identity, Tokens


class IdentityProvider(Protocol):
    """Who people are: Amazon Cognito. Every method raises Unavailable where it does not answer."""

    def sign_up(self, identity: Identity, password: str) -> str:
        """Make a person and send a code; return the userId.

        Raises:
            EmailTaken: the e-mail is known.
            WeakPassword: the provider wants a better password.
        """

    def confirm(self, email: str, code: str) -> None:
        """Prove an e-mail, or raise WrongCode."""

    def resend(self, email: str) -> None:
        """Send the code again; an unknown e-mail is passed over."""

    def sign_in(self, email: str, password: str) -> Tokens:
        """Return tokens, or raise WrongCredentials or NotConfirmed."""

    def refresh(self, refresh_token: str) -> Tokens:
        """Return new access and id tokens, or raise SignInEnded."""

    def revoke(self, refresh_token: str) -> None:
        """End a refresh token; one that has ended is passed over."""

    def forgot(self, email: str) -> None:
        """Send a code to reset the password; an unknown e-mail is passed over."""

    def reset(self, email: str, code: str, password: str) -> None:
        """Set a password by a code, or raise WrongCode or WeakPassword."""

    def identify(self, access_token: str) -> Identity:
        """Return who an access token belongs to, or raise SignInEnded."""


class AccountStore(Protocol):
    """Accounts as they are stored."""

    def get(self, user_id: str) -> Account | None:
        """Return an account."""

    def add(self, account: Account) -> None:
        """Store a new account; where it is there already nothing changes."""

    def confirm(self, email: str) -> None:
        """Note that an e-mail was proved; from now on a tutor is listed. Unknown or again changes nothing."""

    def change(self, user_id: str, fields: dict[str, Any]) -> Account:
        """Set fields by their names in the model, None clears, and return the account.

        Raises:
            AccountNotFound: there is none.
        """


class Revocations(Protocol):
    """Sign-ins that ended before their tokens did."""

    def revoke(self, session_id: str, *, until: int) -> None:
        """Refuse a sign-in's tokens from now on; `until` (epoch seconds) the last of them ends by itself."""

    def is_revoked(self, session_id: str) -> bool:
        """Tell whether a sign-in has ended, also where Redis has lost its memory."""
