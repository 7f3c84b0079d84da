"""Accounts, registrations, sign-ins and what ended, in dictionaries."""

from dataclasses import dataclass, field
from typing import Any

from shared.domains.accounts.errors import AccountNotFound, EmailTaken
from shared.domains.accounts.models import Account, SignIn
from shared.kernel.uploads import UploadOffer, final_name


class MemoryAccounts:
    """The port AccountStore."""

    def __init__(self) -> None:
        """Begin empty."""
        self.accounts: dict[str, Account] = {}
        self.owners: dict[str, str] = {}

    def get(self, user_id: str) -> Account | None:
        """Return an account."""
        return self.accounts.get(user_id)

    def owner(self, email: str) -> str | None:
        """Return the userId of the account with this e-mail."""
        return self.owners.get(email)

    def add(self, account: Account, *, replacing: str | None = None) -> None:
        """Store a new account and make the e-mail its own; where it is there already nothing changes."""
        if account.user_id in self.accounts:
            return
        if self.owners.get(account.email, account.user_id) not in (account.user_id, replacing):
            raise EmailTaken
        self.accounts[account.user_id] = account
        self.owners[account.email] = account.user_id

    def change(self, user_id: str, fields: dict[str, Any]) -> Account:
        """Set fields by their names in the model, None clears, and return the account."""
        if user_id not in self.accounts:
            raise AccountNotFound
        self.accounts[user_id] = self.accounts[user_id].model_copy(update=fields)
        return self.accounts[user_id]

    def change_email(self, account: Account, email: str) -> Account:
        """Give an account another e-mail and free the one before."""
        if self.owners.get(email, account.user_id) != account.user_id:
            raise EmailTaken
        if self.owners.get(account.email) == account.user_id:
            del self.owners[account.email]
        self.owners[email] = account.user_id
        return self.change(account.user_id, {"email": email})


class MemoryRegistrations:
    """The port Registrations, which keeps the passwords as they are."""

    def __init__(self) -> None:
        """Begin with none."""
        self.passwords: dict[str, str] = {}

    def keep(self, email: str, password: str) -> None:
        """Keep the password of the newest registration of an address."""
        self.passwords[email] = password

    def is_right(self, email: str, password: str) -> bool:
        """Tell whether the password is that of the newest registration of an address."""
        return self.passwords.get(email) == password


class MemorySignIns:
    """The port SignInStore."""

    def __init__(self) -> None:
        """Begin with none."""
        self.stored: dict[tuple[str, str], SignIn] = {}

    def add(self, sign_in: SignIn) -> None:
        """Store a sign-in; the same again changes nothing."""
        self.stored.setdefault((sign_in.user_id, sign_in.sign_in_id), sign_in)

    def of(self, user_id: str) -> list[SignIn]:
        """Return a person's sign-ins that have not ended, the last used first."""
        living = [one for one in self.stored.values() if one.user_id == user_id and one.ended_at is None]
        return sorted(living, key=lambda one: one.last_used_at, reverse=True)

    def touch(self, user_id: str, sign_in_id: str, at: str) -> None:
        """Note a use; an unknown or ended one is passed over."""
        self._set(user_id, sign_in_id, {"last_used_at": at})

    def end(self, user_id: str, sign_in_id: str, at: str) -> bool:
        """Note an end, and tell whether there was such a sign-in, not ended yet."""
        return self._set(user_id, sign_in_id, {"ended_at": at})

    def _set(self, user_id: str, sign_in_id: str, fields: dict[str, str]) -> bool:
        known = self.stored.get((user_id, sign_in_id))
        if known is None or known.ended_at is not None:
            return False
        self.stored[user_id, sign_in_id] = known.model_copy(update=fields)
        return True


@dataclass
class MemoryMailer:
    """The port Mailer: what was sent, as address, subject and text."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, address: str, subject: str, text: str) -> None:
        """Keep one mail."""
        self.sent.append((address, subject, text))


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

    def __init__(self) -> None:
        """Begin with nothing removed."""
        self.removed: list[str] = []

    def freeze(self, key: str) -> str:
        """Return the final name."""
        return final_name(key)

    def owns(self, address: str) -> bool:
        """Tell whether the address is one of ours."""
        return address.startswith("https://bucket.example/")

    def remove(self, key: str) -> None:
        """Remember the name."""
        self.removed.append(key)

    def signed_url(self, key: str) -> str:
        """Return an address that names the key."""
        return f"https://bucket.example/{key}?signed"
