"""A crowd that says a lot in one room, quickly and within everybody's limit."""

from collections.abc import Sequence
from contextlib import ExitStack

from tests.flows.channel import Channel, Frame
from tests.flows.people import Person
from tests.flows.platform import wait_for


def chatter(crowd: Sequence[Person], room: str, count: int) -> list[Frame]:
    """Let the crowd say so many things at once, and return what everybody heard, in its order."""
    with ExitStack() as open_ones:
        channels = [open_ones.enter_context(person.enter(room)) for person in crowd]
        shares = [range(first, count, len(crowd)) for first in range(len(crowd))]
        for channel, share in zip(channels, shares, strict=True):
            for number in share:
                channel.say(room, f"Number {number}", requestId=f"{number}")
        for channel, share in zip(channels, shares, strict=True):
            for request_id, answer in channel.answers(len(share)).items():
                _insist(channel, room, request_id, answer)
        for channel in channels:
            channel.barrier()
            assert channel.messages() == channels[0].messages()
    assert len(channels[0].messages()) == count
    return channels[0].messages()


def _insist(channel: Channel, room: str, request_id: str, answer: Frame) -> None:
    """Have a sentence acknowledged: a queue that did not answer soon enough is asked again, which is safe."""

    def is_acknowledged() -> bool:
        nonlocal answer
        if answer["action"] != "messageAck":
            assert answer["error"] == "UNAVAILABLE", answer
            content = f"Number {request_id}"
            answer = channel.ask("sendMessage", roomId=room, content=content, requestId=request_id)
        return bool(answer["action"] == "messageAck")

    wait_for(is_acknowledged, "it is acknowledged")
