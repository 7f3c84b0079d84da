"""What the rules of accounts rest on, together."""

from dataclasses import dataclass

from shared.domains.accounts.ports import (
    AccountStore,
    Guessing,
    IdentityProvider,
    Registrations,
    Revocations,
    SignInStore,
    TokenReader,
)
from shared.kernel.ports import Clock, EventBus, JobQueue


@dataclass(frozen=True, slots=True)
class Desk:
    """The ports of signing in and out."""

    identities: IdentityProvider
    tokens: TokenReader
    registrations: Registrations
    accounts: AccountStore
    sign_ins: SignInStore
    revocations: Revocations
    guessing: Guessing
    events: EventBus
    jobs: JobQueue
    clock: Clock
