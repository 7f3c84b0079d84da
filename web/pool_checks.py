"""Whether the user pool knows a sign-in still: asked now and then, since its tokens do not tell."""

import time
from contextlib import suppress

from shared.domains.accounts.errors import SignInEnded
from shared.domains.accounts.models import Claims
from shared.kernel.errors import DomainError, Unavailable
from shared.kernel.logs import get_log
from shared.kernel.times import timestamp
from shared.wiring import GatewayContext

MOST_A_SECOND = 20.0
"""Questions of one process; Amazon Cognito takes 120 such calls a second of one account (its quotas page)."""
REMEMBERED = 20_000

log = get_log()


class PoolChecks:
    """Asks the pool about each sign-in that is used, once in so many seconds, and notes the use.

    Where more are used than may be asked about, those that were asked longest ago wait: with 20 questions a second,
    1,200 sign-ins of a process are known to be good a minute ago. A pool that does not answer ends nobody.
    """

    def __init__(self, ports: GatewayContext, seconds: float) -> None:
        """Ask the pool of these ports about each sign-in in use, once in so many seconds."""
        self._ports = ports
        self._seconds = seconds
        self._asked: dict[str, float] = {}
        self._allowance = MOST_A_SECOND
        self._counted_at = time.monotonic()

    def check(self, claims: Claims, token: str) -> None:
        """Return where the sign-in is good, as far as is known.

        Raises:
            SignInEnded: the pool has ended it, or its person.
        """
        now = time.monotonic()
        if now - self._asked.get(claims.session_id, -self._seconds) < self._seconds or not self._may_ask(now):
            return
        self._remember(claims.session_id, now)
        try:
            self._ports.identities.identify(token)
        except SignInEnded:
            self._end(claims)
            raise
        except DomainError as problem:
            log.warning("sign_in.not_checked", problem=problem.code)
            return
        with suppress(Unavailable):
            self._ports.sign_ins.touch(claims.user_id, claims.session_id, timestamp(self._ports.clock.now()))

    def _end(self, claims: Claims) -> None:
        """Have everybody know what the pool has ended: its room connections bring no token to ask by."""
        self._asked.pop(claims.session_id, None)
        with suppress(Unavailable):
            self._ports.revocations.revoke(claims.session_id, until=claims.expires_at)

    def _may_ask(self, now: float) -> bool:
        self._allowance = min(MOST_A_SECOND, self._allowance + (now - self._counted_at) * MOST_A_SECOND)
        self._counted_at = now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True

    def _remember(self, session_id: str, now: float) -> None:
        if len(self._asked) >= REMEMBERED:
            self._asked.clear()
        self._asked[session_id] = now
