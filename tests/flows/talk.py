"""A crowd that says a lot in one room, quickly and within everybody's limit."""

from collections.abc import Sequence
from contextlib import ExitStack

from tests.flows.channel import Frame
from tests.flows.people import Person


def chatter(crowd: Sequence[Person], room: str, count: int) -> list[Frame]:
    """Let the crowd say so many things at once, and return what everybody heard, in its order."""
    with ExitStack() as open_ones:
        channels = [open_ones.enter_context(person.enter(room)) for person in crowd]
        shares = [range(first, count, len(crowd)) for first in range(len(crowd))]
        for channel, share in zip(channels, shares, strict=True):
            for number in share:
                channel.say(room, f"Number {number}", requestId=f"{number}")
        for channel, share in zip(channels, shares, strict=True):
            assert {one["action"] for one in channel.answers(len(share)).values()} == {"messageAck"}
        for channel in channels:
            channel.barrier()
            assert channel.messages() == channels[0].messages()
    assert len(channels[0].messages()) == count
    return channels[0].messages()
