"""A user's own channel: notifications, feedback, jobs and whatever else is for one person."""

from typing import Any

from speaktracker_client.backoff import Backoff
from speaktracker_client.channel import Channel
from speaktracker_client.errors import Unauthorized
from speaktracker_client.link import Link
from speaktracker_client.models import Push
from speaktracker_client.session import Session


class UserChannel(Channel[Push]):
    """Yields what is pushed to the user; what was pushed while it was cut off is read over HTTP."""

    def __init__(self, session: Session, *, address: str, is_near: bool, backoff: Backoff) -> None:
        """Prepare; `open`, or `async with`, opens it."""
        super().__init__(backoff)
        self._session = session
        self._address, self._is_near = address, is_near

    async def _dial(self) -> Link:
        token = await self._session.access_token()
        try:
            return await self._open(token)
        except Unauthorized:
            return await self._open(await self._session.renew(token))

    async def _open(self, token: str) -> Link:
        # as a subprotocol: an address is written to logs on its way, a header is not
        return await Link.open(self._address, is_near=self._is_near, bearer=token)

    async def _greeted(self, fields: dict[str, Any]) -> None:
        await self._caught_up()

    async def _received(self, fields: dict[str, Any]) -> None:
        kind = fields.get("type") or fields.get("action")
        if "type" in fields or kind == "error":
            self._say(Push(str(kind), fields))
