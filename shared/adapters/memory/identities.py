"""People and their tokens in dictionaries."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.domains.accounts.errors import EmailTaken, NotConfirmed, SignInEnded, WrongCode, WrongCredentials
from shared.domains.accounts.models import Claims, Identity, Tokens
from shared.kernel.errors import Unavailable

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

    It also has the method of the verifier of access tokens: those that it gave are valid. `now` is when people sign in.
    """

    people: dict[str, _Person] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    claims: dict[str, Claims] = field(default_factory=dict)
    refresh_tokens: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    is_away: bool = False
    now: int = 1_767_323_045
    made: int = 0
    behind: timedelta = timedelta(0)

    def sign_up(self, identity: Identity, password: str) -> str:
        """Make a person in place of one who never proved the address, send a code, and return the userId."""
        self._answer()
        known = self.people.get(identity.email)
        if known is not None and known.is_confirmed:
            raise EmailTaken
        self.made += 1
        user_id = f"user-{self.made}"
        fields = {"user_id": user_id, "is_email_verified": False}
        self.people[identity.email] = _Person(identity.model_copy(update=fields), password)
        self.sent.append(identity.email)
        return user_id

    def time(self, now: datetime) -> datetime:
        """Return the time by a clock that is `behind` ours."""
        return now - self.behind

    def confirm(self, email: str, code: str) -> None:
        """Prove an e-mail, or raise WrongCode."""
        self._answer()
        self._prove(self._with_code(email, code))

    def resend(self, email: str) -> None:
        """Send the code again; an unknown e-mail is passed over."""
        self._answer()
        self.sent += [email] if email in self.people else []

    forgot = resend

    def sign_in(self, email: str, password: str) -> Tokens:
        """Return tokens, or raise WrongCredentials or NotConfirmed."""
        self._answer()
        person = self.people.get(email)
        if person is None or person.password != password or not person.identity.is_enabled:
            raise WrongCredentials
        if not person.is_confirmed:
            raise NotConfirmed
        session_id = f"session-{len(self.refresh_tokens) + 1}"
        self.refresh_tokens[f"refresh of {session_id}"] = (email, session_id, self.now)
        return self._tokens(email, session_id, self.now).model_copy(
            update={"refresh_token": f"refresh of {session_id}"}
        )

    def refresh(self, refresh_token: str) -> Tokens:
        """Return new access and id tokens, or raise SignInEnded."""
        self._answer()
        if refresh_token not in self.refresh_tokens or refresh_token in self.ended:
            raise SignInEnded
        return self._tokens(*self.refresh_tokens[refresh_token])

    def revoke(self, refresh_token: str) -> None:
        """End a refresh token; one that has ended is passed over."""
        self._answer()
        self.ended.add(refresh_token)

    def reset(self, email: str, code: str, password: str) -> None:
        """Set a password by a code, which also proves the address; or raise WrongCode."""
        self._answer()
        person = self._with_code(email, code)
        person.password = password
        self._prove(person)

    def change_password(self, access_token: str, old: str, new: str) -> None:
        """Set a password by the one before, or raise WrongCredentials."""
        person = self._person(self.identify(access_token).user_id)
        if person is None or person.password != old:
            raise WrongCredentials
        person.password = new

    def identify(self, access_token: str) -> Identity:
        """Return who an access token belongs to; SignInEnded where that has ended, or the person is gone."""
        self._answer()
        claims = self.verify(access_token)
        person = self._person(claims.user_id)
        if person is None or not person.identity.is_enabled or f"refresh of {claims.session_id}" in self.ended:
            raise SignInEnded
        return person.identity

    def find(self, name: str) -> Identity | None:
        """Return a person by userId or e-mail."""
        self._answer()
        person = self._person(name)
        return person.identity if person is not None else None

    def end_all(self, user_id: str) -> None:
        """End every refresh token of a person."""
        self._answer()
        person = self._person(user_id)
        if person is not None:
            self.ended |= {
                token for token, (email, *_) in self.refresh_tokens.items() if email == person.identity.email
            }

    def lock(self, user_id: str) -> None:
        """Let a person sign in no more."""
        self._enable(user_id, is_enabled=False)

    def unlock(self, user_id: str) -> None:
        """Let a person sign in again."""
        self._enable(user_id, is_enabled=True)

    def delete(self, user_id: str) -> None:
        """Forget a person; an unknown one is passed over."""
        self._answer()
        self.people = {email: one for email, one in self.people.items() if one.identity.user_id != user_id}

    def verify(self, token: str) -> Claims:
        """Return what an access token says, or raise SignInEnded."""
        if token not in self.claims:
            raise SignInEnded
        return self.claims[token]

    def _tokens(self, email: str, session_id: str, signed_in_at: int) -> Tokens:
        user_id = self.people[email].identity.user_id
        token = f"access-{len(self.claims) + 1}"
        groups = self.groups.get(email, frozenset())
        self.claims[token] = Claims(user_id, session_id, 4_000_000_000, groups, signed_in_at)
        return Tokens(access_token=token, id_token=f"id of {token}", expires_in=TOKEN_SECONDS)

    def _with_code(self, email: str, code: str) -> _Person:
        person = self.people.get(email)
        if person is None or code != CODE:
            raise WrongCode
        return person

    def _prove(self, person: _Person) -> None:
        person.is_confirmed = True
        person.identity = person.identity.model_copy(update={"is_email_verified": True})

    def _person(self, name: str) -> _Person | None:
        named = [one for one in self.people.values() if name in (one.identity.user_id, one.identity.email)]
        return named[0] if named else None

    def _enable(self, user_id: str, *, is_enabled: bool) -> None:
        self._answer()
        person = self._person(user_id)
        if person is not None:
            person.identity = person.identity.model_copy(update={"is_enabled": is_enabled})

    def _answer(self) -> None:
        if self.is_away:
            raise Unavailable("The identity provider is away.")
