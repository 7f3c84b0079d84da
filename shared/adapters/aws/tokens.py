"""Access tokens, verified against the user pool's public keys."""

import threading
import time
from typing import Any

import jwt
from jwt import PyJWKClient, PyJWTError

from shared.domains.accounts.errors import SignInEnded
from shared.domains.accounts.models import Claims
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log

FETCH_SECONDS = 3
FRESH_SECONDS = 3600
QUIET_SECONDS = 30
LEEWAY_SECONDS = 5
RETRY_SECONDS = 2
_REQUIRED = ["exp", "iss", "sub", "token_use", "client_id"]

log = get_log()


class TokenVerifier:
    """Verifies signature, issuer, expiry, use and client of access tokens (RS256)."""

    def __init__(self, keys_address: str, issuer: str, client_id: str) -> None:
        """Fetch keys from an address; they are kept, and kept on while the address does not answer."""
        self._keys = PyJWKClient(keys_address, cache_keys=False, lifespan=FRESH_SECONDS, timeout=FETCH_SECONDS)
        self._issuer = issuer
        self._client_id = client_id
        self._known: dict[str, Any] = {}
        self._quiet_until = 0.0
        self._fresh_until = 0.0
        self._fetching = threading.Lock()

    def verify(self, token: str) -> Claims:
        """Return what a token says.

        Raises:
            SignInEnded: it is not an access token of this pool and client, or no longer valid.
            Unavailable: the keys could not be fetched.
        """
        try:
            key = self._key(str(jwt.get_unverified_header(token).get("kid")))
            said = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": _REQUIRED, "verify_aud": False},
            )
        except jwt.InvalidTokenError as problem:
            raise _refused(type(problem).__name__) from problem
        if said["token_use"] != "access":
            raise _refused("NoAccessToken")
        if said["client_id"] != self._client_id:
            raise _refused("AnotherClient")
        session_id = said.get("origin_jti") or said.get("jti") or said["sub"]
        signed_in_at = int(said.get("auth_time") or said.get("iat") or 0)
        return Claims(said["sub"], session_id, said["exp"], frozenset(said.get("cognito:groups") or ()), signed_in_at)

    def check(self) -> None:
        """Return if there are keys to verify with, from now or from before.

        Raises:
            Unavailable: there are none, and they could not be fetched.
        """
        if not self._known:
            self._fetch("")
        if not self._known:
            raise _no_keys()

    def _key(self, key_id: str) -> Any:
        """Return a public key; an unknown id fetches the keys, at most once in 30 s, so that a flood costs nothing."""
        if key_id not in self._known or time.monotonic() > self._fresh_until:
            self._fetch(key_id)
        if key_id in self._known:
            return self._known[key_id]
        if not self._known:
            raise _no_keys()
        raise _refused("UnknownKey")

    def _fetch(self, key_id: str) -> None:
        """Fetch the keys, one caller at a time; those that waited find what the first one brought."""
        with self._fetching:
            now = time.monotonic()
            if now < self._quiet_until or (key_id in self._known and now < self._fresh_until):
                return
            try:
                found = {str(one.key_id): one.key for one in self._keys.get_signing_keys(refresh=True)}
            except (PyJWTError, OSError, ValueError) as problem:
                # The old keys stay in use: asking again at once would hold up every request for 3 s.
                log.warning("keys.not_fetched", problem=str(problem))
                self._quiet_until = time.monotonic() + RETRY_SECONDS
                return
            self._known = found
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            self._fresh_until = time.monotonic() + FRESH_SECONDS


def _no_keys() -> Unavailable:
    return Unavailable("Tokens cannot be verified now.", "토큰을 확인할 수 없습니다.", retry_after=RETRY_SECONDS)


def _refused(cause: str) -> SignInEnded:
    """Return the refusal; its cause is logged, and not told to strangers."""
    log.info("token.refused", cause=cause)
    return SignInEnded()
