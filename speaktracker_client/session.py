"""A signed-in conversation over HTTP: tokens, their renewal, and answers read or refused."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx

from speaktracker_client.errors import InvalidRequest, Unauthorized, Unreachable, refusal

RENEWAL_MARGIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one sign-in; `expires_at` is on the monotonic clock."""

    access: str
    refresh: str
    expires_at: float

    @classmethod
    def of(cls, fields: dict[str, Any], refresh: str) -> "Tokens":
        """Read an answer that carries an access token."""
        return cls(fields["accessToken"], refresh, time.monotonic() + float(fields["expiresIn"]))


class Session:
    """Calls the platform; the access token is renewed before it expires, or when it is refused."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        """Use an HTTP client that knows the platform's address; its maker closes it."""
        self._http = http
        self._tokens: Tokens | None = None
        self._renewal = asyncio.Lock()

    @property
    def refresh_token(self) -> str | None:
        """Return what signs in again for 30 days without a password; None while nobody is signed in."""
        return self._tokens.refresh if self._tokens else None

    def signed_in(self, tokens: Tokens | None) -> None:
        """Go on with these tokens, or with none."""
        self._tokens = tokens

    async def call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        signed: bool = True,
    ) -> dict[str, Any]:
        """Return the answer's fields, without the envelope of `/rooms`.

        Raises:
            Refused: the platform said no; its subclasses say how.
            Unreachable: it did not answer.
        """
        token = await self.access_token() if signed else None
        response = await self._send(method, path, body, query, headers, token)
        if token is not None and response.status_code == 401:
            token = await self.renew(token)
            response = await self._send(method, path, body, query, headers, token)
        return _read(response)

    async def access_token(self) -> str:
        """Return an access token that is good for a minute at least.

        Raises:
            Unauthorized: nobody is signed in, or the sign-in has ended.
        """
        tokens = self._signed_in()
        if tokens.expires_at - time.monotonic() < RENEWAL_MARGIN_SECONDS:
            return await self.renew(tokens.access)
        return tokens.access

    async def renew(self, refused: str) -> str:
        """Return another access token than the refused one; many callers at once renew it once.

        Raises:
            Unauthorized: the sign-in has ended.
        """
        async with self._renewal:
            tokens = self._signed_in()
            if tokens.access != refused:
                return tokens.access
            body = {"refreshToken": tokens.refresh}
            try:
                fields = _read(await self._send("POST", "/api/auth/refresh", body))
            except (InvalidRequest, Unauthorized) as problem:
                self._tokens = None
                raise Unauthorized({"error": "UNAUTHORIZED", "message": problem.message}) from problem
            self._tokens = Tokens.of(fields, tokens.refresh)
            return self._tokens.access

    def _signed_in(self) -> Tokens:
        if self._tokens is None:
            raise Unauthorized({"error": "UNAUTHORIZED", "message": "Nobody is signed in."})
        return self._tokens

    async def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        token: str | None = None,
    ) -> httpx.Response:
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        try:
            return await self._http.request(method, path, json=body, params=query, headers=sent)
        except httpx.TransportError as problem:
            raise Unreachable(str(problem) or type(problem).__name__) from problem


def _read(response: httpx.Response) -> dict[str, Any]:
    """Return the answer's fields. Raises Unreachable where something between us and the platform answered."""
    try:
        fields = response.json()
    except ValueError:
        fields = None
    if not isinstance(fields, dict) or "success" not in fields:
        raise Unreachable(f"HTTP {response.status_code} that is not of the platform")
    if response.is_success:
        found = fields.get("data", fields)
        return found if isinstance(found, dict) else {}
    retry_after = response.headers.get("Retry-After", "")
    raise refusal(fields, float(retry_after) if retry_after.isdecimal() else None)
