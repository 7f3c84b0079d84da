"""Where a desktop program begins: `async with SpeakTracker(address) as client`."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from speaktracker_client.backoff import Backoff
from speaktracker_client.events import Events, Listening
from speaktracker_client.graphs import Graphs
from speaktracker_client.jobs import Jobs
from speaktracker_client.models import Place, Reply, User
from speaktracker_client.partner import Partner
from speaktracker_client.practice import Practice
from speaktracker_client.room_connection import SETTLING_SECONDS, RoomConnection
from speaktracker_client.rooms import Rooms
from speaktracker_client.session import Session, Tokens
from speaktracker_client.turn import Turn
from speaktracker_client.tutoring import Tutoring
from speaktracker_client.user_channel import UserChannel
from speaktracker_client.voice import Voice

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
        self.events = Events(self._session, self._backoff)
        self.jobs = Jobs(self._session, self.events)
        self.voice = Voice(self._session, self.jobs)
        self.practice = Practice(self._session, self.jobs)
        self.graphs = Graphs(self._session, self.jobs)
        self._channel: UserChannel | None = None
        self._opening = asyncio.Lock()

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

    def stream(
        self,
        message: str,
        *,
        conversation_id: str | None = None,
        request_id: str | None = None,
        on_restart: Callable[[], object] | None = None,
    ) -> Turn:
        """Say something to the AI partner: `async for word in client.stream("…")` gives the words as they come.

        Without a conversation it is the default one. `request_id` of an earlier turn goes on with that one. What is
        returned also has the sound of each sentence, the whole `reply`, and `stop`. Raises, once it is iterated over,
        as `Turn.reply` does.
        """
        fields: dict[str, Any] = {"action": "sendMessage", "requestId": request_id or str(uuid4()), "message": message}
        fields |= {"stream": True} | ({"conversationId": conversation_id} if conversation_id else {})
        return Turn(self._own_channel, fields, on_restart=on_restart)

    async def ask(self, message: str, *, conversation_id: str | None = None, request_id: str | None = None) -> Reply:
        """Say something to the AI partner and return its whole answer; nothing for 30 s is a TimedOut.

        Raises as `Turn.reply` does.
        """
        async with self.stream(message, conversation_id=conversation_id, request_id=request_id) as turn:
            return await turn.reply()

    def pushes(self, *types: str) -> Listening:
        """Return what is pushed from now on, of these types or of all, once and in order over every cut.

        A push of the type `resync` tells that too much was missed: read anew what matters.
        """
        return self.events.listening(*types)

    def feedback(self) -> Listening:
        """Return the feedback that tutors send from now on, as pushes; see `pushes`."""
        return self.events.listening("feedback")

    def notifications(self) -> Listening:
        """Return the notifications that come from now on, as pushes; see `pushes`."""
        return self.events.listening("notification")

    async def close(self) -> None:
        """End listeners and turns, and close every connection but those that `room` and `channel` returned."""
        await self.events.close()
        if self._channel is not None:
            await self._channel.close()
        await self._http.aclose()

    async def __aenter__(self) -> SpeakTracker:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _problem: BaseException | None, _place: TracebackType | None
    ) -> None:
        await self.close()

    async def _own_channel(self) -> UserChannel:
        """Return the channel that turns are said on; it is opened once, and again where it is over."""
        async with self._opening:
            if self._channel is None or self._channel.is_over:
                channel = UserChannel(
                    self._session,
                    address=self._socket_address,
                    is_near=self._is_near,
                    backoff=self._backoff,
                    keeps_pushes=False,
                )
                self._channel = await channel.open()
            return self._channel

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
