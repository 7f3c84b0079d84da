"""A signed-in conversation over HTTP: tokens, their renewal, and answers read or refused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from speaktracker_client.errors import Ended, InvalidRequest, SpeakTrackerError, Unauthorized, Unreachable, refusal

RENEWAL_MARGIN_SECONDS = 60.0
WAITING_SECONDS = 40.0
"""For calls that wait for a worker: the platform waits 28 s at most."""
TOO_MANY = 204


@dataclass(frozen=True)
class Tokens:
    """The tokens of one sign-in; `expires_at` is on the monotonic clock."""

    access: str
    refresh: str
    expires_at: float

    @classmethod
    def of(cls, fields: dict[str, Any], refresh: str) -> Tokens:
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
        seconds: float | None = None,
    ) -> dict[str, Any]:
        """Return the answer's fields, without the envelope of `/rooms`; `seconds` in place of the client's 30.

        Raises:
            Refused: the platform said no; its subclasses say how.
            Unreachable: it did not answer.
        """
        request = {"json": body, "params": query, "headers": headers, "seconds": seconds}
        return _read(await self._signed(method, path, request) if signed else await self._send(method, path, request))

    async def upload(
        self, path: str, form: dict[str, str], files: dict[str, tuple[str, Any, str]], *, key: str | None = None
    ) -> dict[str, Any]:
        """Return the answer to a form with files, each a name, its bytes or an open file, and a media type.

        A call that is repeated under one idempotency key takes effect once. Raises as `call`.
        """
        headers = {"Idempotency-Key": key} if key else None
        request = {"data": form, "files": files, "headers": headers, "seconds": WAITING_SECONDS}
        return _read(await self._signed("POST", path, request))

    async def content(self, path: str, query: dict[str, str] | None = None) -> bytes:
        """Return an answer that is no JSON: a file. Raises as `call`."""
        response = await self._signed("GET", path, {"params": query, "seconds": None, "headers": None})
        if not response.is_success:
            _read(response)
        return response.content

    async def lines(self, path: str, headers: dict[str, str], silent_seconds: float) -> AsyncIterator[str]:
        """Yield the lines of an answer that goes on, until it ends.

        Raises:
            Refused: the platform said no.
            Ended: it wants nobody to come again.
            Unreachable: it did not answer, was cut, or was silent for so long.
        """
        token = await self.access_token()
        timeout = httpx.Timeout(30.0, read=silent_seconds)
        sent = headers | {"Authorization": f"Bearer {token}"}
        try:
            async with self._http.stream("GET", path, headers=sent, timeout=timeout) as response:
                if response.status_code == TOO_MANY:
                    raise Ended(4429, "too many event streams")
                if not response.is_success:
                    await response.aread()
                    await self._refused(response, token)
                async for line in response.aiter_lines():
                    yield line
        except httpx.TransportError as problem:
            raise Unreachable(str(problem) or type(problem).__name__) from problem

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
            request = {"json": {"refreshToken": tokens.refresh}}
            try:
                fields = _read(await self._send("POST", "/api/auth/refresh", request))
            except (InvalidRequest, Unauthorized) as problem:
                self._tokens = None
                raise Unauthorized({"error": "UNAUTHORIZED", "message": problem.message}) from problem
            self._tokens = Tokens.of(fields, tokens.refresh)
            return self._tokens.access

    def _signed_in(self) -> Tokens:
        if self._tokens is None:
            raise Unauthorized({"error": "UNAUTHORIZED", "message": "Nobody is signed in."})
        return self._tokens

    async def _refused(self, response: httpx.Response, token: str) -> None:
        """Raise what an answer says; a token that went stale is renewed, and trying again is right."""
        if response.status_code == 401:
            await self.renew(token)
            raise Unreachable("the access token went stale")
        _read(response)

    async def _signed(self, method: str, path: str, request: dict[str, Any]) -> httpx.Response:
        token = await self.access_token()
        response = await self._send(method, path, request, token)
        if response.status_code != 401:
            return response
        _rewind(request)
        return await self._send(method, path, request, await self.renew(token))

    async def _send(self, method: str, path: str, request: dict[str, Any], token: str | None = None) -> httpx.Response:
        given = {name: value for name, value in request.items() if value is not None and name != "seconds"}
        given["headers"] = dict(given.get("headers", {})) | ({"Authorization": f"Bearer {token}"} if token else {})
        if request.get("seconds") is not None:
            given["timeout"] = request["seconds"]
        try:
            return await self._http.request(method, path, **given)
        except httpx.TransportError as problem:
            raise Unreachable(str(problem) or type(problem).__name__) from problem


def part(value: str) -> str:
    """Return what somebody may have typed as one part of an address, whatever is in it."""
    return quote(value, safe="")


def _rewind(request: dict[str, Any]) -> None:
    """Begin files anew: they were sent once."""
    for _, content, _ in (request.get("files") or {}).values():
        if hasattr(content, "seek"):
            content.seek(0)


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
    raise _failure(fields, response)


def _failure(fields: dict[str, Any], response: httpx.Response) -> SpeakTrackerError:
    retry_after = response.headers.get("Retry-After", "")
    return refusal(fields, float(retry_after) if retry_after.isdecimal() else None)
