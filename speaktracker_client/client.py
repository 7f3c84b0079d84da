"""Where a desktop program begins: `async with SpeakTracker(address) as client`."""

import ipaddress
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from speaktracker_client.backoff import Backoff
from speaktracker_client.models import Place, User
from speaktracker_client.partner import Partner
from speaktracker_client.room_connection import SETTLING_SECONDS, RoomConnection
from speaktracker_client.rooms import Rooms
from speaktracker_client.session import Session, Tokens
from speaktracker_client.tutoring import Tutoring
from speaktracker_client.user_channel import UserChannel

HTTP_SECONDS = 30.0


class SpeakTracker:
    """One user of the platform. Every call raises Refused or Unreachable; tokens are renewed by themselves."""

    def __init__(
        self,
        base_url: str,
        *,
        language: str = "en",
        backoff: Backoff | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Nothing is called yet; `transport` replaces the network under the HTTP calls."""
        self._base = base_url.rstrip("/")
        self._is_near = _is_loopback(self._base)
        self._backoff = backoff or Backoff()
        self._http = httpx.AsyncClient(
            base_url=self._base,
            headers={"Accept-Language": language},
            timeout=HTTP_SECONDS,
            transport=transport,
            trust_env=not self._is_near,
        )
        self._session = Session(self._http)
        self.rooms = Rooms(self._session)
        self.tutoring = Tutoring(self._session)
        self.partner = Partner(self._session)

    async def register(
        self, email: str, password: str, name: str, role: str = "student", language: str | None = None
    ) -> str:
        """Make an account and return its userId; a code goes out by e-mail."""
        body = {"email": email, "password": password, "name": name, "role": role}
        body |= {"language": language} if language else {}
        fields = await self._session.call("POST", "/api/auth/register", body, signed=False)
        return str(fields["userId"])

    async def confirm(self, email: str, code: str) -> None:
        """Prove the e-mail by its code."""
        await self._session.call("POST", "/api/auth/confirm", {"email": email, "code": code}, signed=False)

    async def login(self, email: str, password: str) -> User:
        """Sign in."""
        body = {"email": email, "password": password}
        fields = await self._session.call("POST", "/api/auth/login", body, signed=False)
        self._session.signed_in(Tokens.of(fields, fields["refreshToken"]))
        return User.of(fields["user"])

    async def login_again(self, refresh_token: str) -> None:
        """Sign in by the refresh token that an earlier run kept."""
        self._session.signed_in(Tokens("", refresh_token, 0.0))
        await self._session.access_token()

    @property
    def refresh_token(self) -> str | None:
        """Return what `login_again` takes, for 30 days; None while nobody is signed in."""
        return self._session.refresh_token

    async def logout(self) -> None:
        """End this sign-in; its sockets close within two seconds. Again is fine."""
        if self._session.refresh_token is not None:
            await self._session.call("POST", "/api/auth/logout", {"refreshToken": self._session.refresh_token})
            self._session.signed_in(None)

    async def access_token(self) -> str:
        """Return an access token that is good for a minute at least, for calls that this client does not have."""
        return await self._session.access_token()

    async def account(self) -> dict[str, Any]:
        """Return one's own account."""
        return await self._session.call("GET", "/api/me")

    def room(
        self,
        room_id: str,
        *,
        password: str | None = None,
        place: Place | None = None,
        settling_seconds: float = SETTLING_SECONDS,
    ) -> RoomConnection:
        """Return a connection to a room, still closed; it joins the room as often as it opens.

        A `place` that an earlier run kept goes on from there.
        """
        return RoomConnection(
            self.rooms,
            room_id,
            address=self._socket_address,
            is_near=self._is_near,
            backoff=self._backoff,
            password=password,
            place=place,
            settling_seconds=settling_seconds,
        )

    def channel(self) -> UserChannel:
        """Return the user's own channel, still closed."""
        return UserChannel(self._session, address=self._socket_address, is_near=self._is_near, backoff=self._backoff)

    async def close(self) -> None:
        """Close the HTTP connections; rooms and channels are closed where they were opened."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_problem: object) -> None:
        await self.close()

    @property
    def _socket_address(self) -> str:
        return f"{self._base.replace('http', 'ws', 1)}/ws"


def _is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's own, which a proxy would look for on itself."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
