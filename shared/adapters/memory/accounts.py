"""People, accounts and ended sign-ins in dictionaries."""

from dataclasses import dataclass, field
from typing import Any

from shared.adapters.aws.tokens import Claims
from shared.domains.accounts.errors import (
    AccountNotFound,
    EmailTaken,
    NotConfirmed,
    SignInEnded,
    WrongCode,
    WrongCredentials,
)
from shared.domains.accounts.models import Account, Identity, Tokens
from shared.kernel.errors import Unavailable
from shared.kernel.uploads import UploadOffer

CODE = "123456"
TOKEN_SECONDS = 3600


@dataclass
class _Person:
    identity: Identity
    password: str
    is_confirmed: bool = False


@dataclass
class MemoryIdentities:
    """The port IdentityProvider, whose every code is 123456; while `is_away` it does not answer.

    It also has the method of the verifier of access tokens: those that it gave are valid.
    """

    people: dict[str, _Person] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    claims: dict[str, Claims] = field(default_factory=dict)
    refresh_tokens: dict[str, str] = field(default_factory=dict)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    is_away: bool = False

    def sign_up(self, identity: Identity, password: str) -> str:
        """Make a person and send a code; return the userId."""
        self._answer()
        if identity.email in self.people:
            raise EmailTaken
        user_id = f"user-{len(self.people) + 1}"
        self.people[identity.email] = _Person(identity.model_copy(update={"user_id": user_id}), password)
        self.sent.append(identity.email)
        return user_id

    def confirm(self, email: str, code: str) -> None:
        """Prove an e-mail, or raise WrongCode."""
        self._answer()
        self._with_code(email, code).is_confirmed = True

    def resend(self, email: str) -> None:
        """Send the code again; an unknown e-mail is passed over."""
        self._answer()
        self.sent += [email] if email in self.people else []

    forgot = resend

    def sign_in(self, email: str, password: str) -> Tokens:
        """Return tokens, or raise WrongCredentials or NotConfirmed."""
        self._answer()
        person = self.people.get(email)
        if person is None or person.password != password:
            raise WrongCredentials
        if not person.is_confirmed:
            raise NotConfirmed
        session_id = f"session-{len(self.refresh_tokens) + 1}"
        self.refresh_tokens[f"refresh of {session_id}"] = email
        return self._tokens(email, session_id).model_copy(update={"refresh_token": f"refresh of {session_id}"})

    def refresh(self, refresh_token: str) -> Tokens:
        """Return new access and id tokens, or raise SignInEnded."""
        self._answer()
        if refresh_token not in self.refresh_tokens:
            raise SignInEnded
        return self._tokens(self.refresh_tokens[refresh_token], refresh_token.removeprefix("refresh of "))

    def revoke(self, refresh_token: str) -> None:
        """End a refresh token; one that has ended is passed over."""
        self._answer()
        self.refresh_tokens.pop(refresh_token, None)

    def reset(self, email: str, code: str, password: str) -> None:
        """Set a password by a code, or raise WrongCode."""
        self._answer()
        self._with_code(email, code).password = password

    def identify(self, access_token: str) -> Identity:
        """Return who an access token belongs to, or raise SignInEnded."""
        self._answer()
        user_id = self.verify(access_token).user_id
        return next(person.identity for person in self.people.values() if person.identity.user_id == user_id)

    def verify(self, token: str) -> Claims:
        """Return what an access token says, or raise SignInEnded."""
        if token not in self.claims:
            raise SignInEnded
        return self.claims[token]

    def _tokens(self, email: str, session_id: str) -> Tokens:
        user_id = self.people[email].identity.user_id
        token = f"access-{len(self.claims) + 1}"
        self.claims[token] = Claims(user_id, session_id, 4_000_000_000, self.groups.get(email, frozenset()))
        return Tokens(access_token=token, id_token=f"id of {token}", expires_in=TOKEN_SECONDS)

    def _with_code(self, email: str, code: str) -> _Person:
        person = self.people.get(email)
        if person is None or code != CODE:
            raise WrongCode
        return person

    def _answer(self) -> None:
        if self.is_away:
            raise Unavailable("The identity provider is away.")


class MemoryAccounts:
    """The port AccountStore."""

    def __init__(self) -> None:
        """Begin empty."""
        self.accounts: dict[str, Account] = {}

    def get(self, user_id: str) -> Account | None:
        """Return an account."""
        return self.accounts.get(user_id)

    def add(self, account: Account) -> None:
        """Store a new account; where it is there already nothing changes."""
        self.accounts.setdefault(account.user_id, account)

    def confirm(self, email: str) -> None:
        """Note that an e-mail was proved; unknown or again changes nothing."""
        for account in [one for one in self.accounts.values() if one.email == email]:
            self.change(account.user_id, {"is_confirmed": True})

    def change(self, user_id: str, fields: dict[str, Any]) -> Account:
        """Set fields by their names in the model, None clears, and return the account."""
        if user_id not in self.accounts:
            raise AccountNotFound
        self.accounts[user_id] = self.accounts[user_id].model_copy(update=fields)
        return self.accounts[user_id]


class MemoryRevocations:
    """The port Revocations."""

    def __init__(self) -> None:
        """Begin with none."""
        self.ended: dict[str, int] = {}

    def revoke(self, session_id: str, *, until: int) -> None:
        """Refuse a sign-in's tokens from now on."""
        self.ended[session_id] = until

    def is_revoked(self, session_id: str) -> bool:
        """Tell whether a sign-in has ended."""
        return session_id in self.ended


class MemoryUploads:
    """The port UploadSigner, with addresses that lead nowhere."""

    def offer(self, key: str, content_type: str, max_bytes: int) -> UploadOffer:
        """Return an offer that repeats what was asked."""
        fields = {"Content-Type": content_type, "most": str(max_bytes)}
        return UploadOffer(
            url="https://bucket.example", fields=fields, key=key, expires_at="2026-01-02T03:19:05.000000Z"
        )

    def signed_url(self, key: str) -> str:
        """Return an address that names the key."""
        return f"https://bucket.example/{key}?signed"
