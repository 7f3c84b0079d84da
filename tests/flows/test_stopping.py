"""What happens to people when a gateway stops, or dies."""

import os
import signal

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.flows.channel import Channel
from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for

RESTARTING = 1012


def test_a_gateway_that_stops_says_so_closes_and_takes_no_more(
    ann: Person, ben: Person, room: str, platform: Platform
) -> None:
    before = platform.gateways()
    channels = [person.enter(room) for person in (ann, ben) * 5] + [ann.channel(), ben.channel()]
    try:
        master = platform.process("web.wsgi:app")
        os.kill(master, signal.SIGTERM)
        for channel in channels:
            channel.until(type="closing")
        assert not _opens(ann)
        for channel in channels:
            assert channel.closed() == RESTARTING
            assert channel.heard[-1]["type"] == "closing"
            assert channel.heard[-1]["reason"]
    finally:
        for channel in channels:
            channel.close()
    wait_for(lambda: platform.has_new_gateways(before), "the gateway is back")
    with ann.enter(room) as back:
        assert back.ask("sendMessage", roomId=room, content="Back")["seq"] == 1


def _opens(person: Person) -> bool:
    try:
        with person.channel():
            return True
    except (OSError, InvalidHandshake):
        return False


def test_messages_of_the_last_moment_are_stored(people: People, platform: Platform) -> None:
    crowd = people.some(8)
    room = crowd[0].room()
    channels = [person.enter(room) for person in crowd]
    before = platform.gateways()
    try:
        for number in range(30):
            for channel in channels:
                channel.say(room, f"{number}")
        channels[0].until(type="message", seq=50)
        os.kill(platform.process("web.wsgi:app"), signal.SIGTERM)
        for channel in channels:
            assert channel.closed() == RESTARTING
    finally:
        for channel in channels:
            channel.close()
    shown = {one["messageId"]: one["content"] for channel in channels for one in channel.messages()}
    assert len(shown) >= 50
    wait_for(
        lambda: shown.keys() <= {one["messageId"] for one in platform.stored(room)}, "what was shown is stored", 20
    )
    wait_for(lambda: platform.has_new_gateways(before), "the gateway is back")


def test_a_worker_that_dies_is_replaced_and_the_other_serves_on(
    ann: Person, ben: Person, room: str, platform: Platform
) -> None:
    before = platform.gateways()
    assert len(before) == 2
    channels: dict[Channel, str] = {}

    def both_serve() -> bool:
        """Come in once more, until either process has some of us: one that has just started may not accept yet."""
        channel = ann.enter(room)
        channels[channel] = _gateway_of(channel, platform)
        return len(channels) >= 8 and len(set(channels.values())) == 2

    try:
        wait_for(both_serve, "both processes serve the room")
        victim = before.copy().pop()
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: len(platform.gateways() - before) == 1, "it is replaced")
        alive = [channel for channel in channels if _is_alive(channel)]
        assert 0 < len(alive) < len(channels)
        assert len({channels[channel] for channel in alive}) == 1
        ack = alive[0].ask("sendMessage", roomId=room, content="Still here")
        assert ack["action"] == "messageAck"
        for channel in alive:
            channel.seen(type="message", messageId=ack["messageId"])
    finally:
        for channel in channels:
            channel.close()


def _gateway_of(channel: Channel, platform: Platform) -> str:
    """Return which process holds a connection, by its record."""
    item = wait_for(lambda: platform.item(f"CONN#{channel.connection_id}", "METADATA"), "the connection is recorded")
    return str(item["gatewayId"])


def _is_alive(channel: Channel) -> bool:
    try:
        return bool(channel.ask("ping")["action"] == "pong")
    except ConnectionClosed:
        return False
