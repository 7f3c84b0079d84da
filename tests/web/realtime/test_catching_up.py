"""A room that was lost while what it missed is read is told of it once."""

from types import SimpleNamespace
from typing import Any

from shared.domains.messages.models import Head
from tests.web.realtime.test_hub import Person, Topics
from web.realtime.catching_up import catch_up
from web.realtime.feed import Feed
from web.realtime.hub import Hub

ROOM = "room:r1"


class Log:
    """A room's log that another process opens anew, and tells everybody so, while it is asked."""

    def __init__(self, hub: Hub, feed: Feed) -> None:
        self._hub, self._feed = hub, feed
        self.is_lost = True

    def head(self, _room_id: str) -> Head:
        if self.is_lost:
            self.is_lost = False
            self._hub.resync(self._feed, "new", 7, b"resync")
        return Head("new", 7, None)

    def since(self, _room_id: str, _seq: int) -> list[Any]:
        return []


def test_a_room_is_told_once_to_reload() -> None:
    hub, person = Hub(lambda _feed: None), Person()
    hub.subscription = Topics()
    feed = hub.join(ROOM, person)
    feed.begin("old", 3)
    ports: Any = SimpleNamespace(room_log=Log(hub, feed), messages=None, uploads=None)

    catch_up(feed, hub, ports)
    assert feed.is_behind
    catch_up(feed, hub, ports)

    assert person.heard == [b"resync"]
    assert (feed.epoch, feed.seq) == ("new", 7)
