"""Coming back to a room: what was missed, in order, or word that the history must be read anew."""

from typing import Any

import pytest

from tests.flows.channel import Channel
from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for
from tests.flows.talk import chatter


def say(channel: Channel, room: str, *contents: str) -> list[dict[str, Any]]:
    return [channel.ask("sendMessage", roomId=room, content=content) for content in contents]


def test_what_was_missed_comes_in_order_and_then_it_is_said(ann: Person, ben: Person, room: str) -> None:
    with ben.enter(room) as bens:
        with ann.enter(room) as anns:
            epoch = anns.hello["epoch"]
            say(bens, room, "1", "2")
            anns.until(type="message", seq=2)
        say(bens, room, "3", "4", "5")
        with ann.enter(room) as back:
            assert (back.hello["lastSeq"], back.hello["epoch"]) == (5, epoch)
            back.send("resume", requestId="r", lastSeq=2, epoch=epoch)
            say(bens, room, "6")
            back.seen(type="message", seq=6)
            back.seen(requestId="r")
            heard = [frame for frame in back.heard if frame.get("type") == "message" or "requestId" in frame]
    assert [one["content"] for one in heard if "content" in one] == ["3", "4", "5", "6"]
    answer = next(one for one in heard if "requestId" in one)
    assert (answer["action"], answer["requestId"], answer["epoch"]) == ("resumed", "r", epoch)
    assert heard.index(answer) == answer["lastSeq"] - 2


@pytest.mark.parametrize(
    ("last_seq", "epoch", "action", "missed"),
    [
        (3, "{epoch}", "resumed", []),
        (0, "{epoch}", "resumed", ["1", "2", "3"]),
        (1, None, "resumed", ["2", "3"]),
        (4, "{epoch}", "resync", []),
        (1, "another", "resync", []),
        (3, "another", "resync", []),
        (0, "", "resync", []),
        (10**15, "{epoch}", "resync", []),
    ],
)
def test_how_a_resume_is_answered(
    last_seq: int, epoch: str | None, action: str, missed: list[str], ann: Person, talked: str
) -> None:
    with ann.enter(talked) as channel:
        asked = {"lastSeq": last_seq, "epoch": epoch and epoch.format(epoch=channel.hello["epoch"])}
        answer = channel.ask("resume", requestId="r", **asked)
        assert answer == {"action": action, "requestId": "r", "lastSeq": 3, "epoch": channel.hello["epoch"]}
        channel.barrier()
        assert [one["content"] for one in channel.messages()] == missed


@pytest.fixture(scope="module")
def talked(ann: Person) -> str:
    room = ann.room()
    with ann.enter(room) as channel:
        say(channel, room, "1", "2", "3")
    return room


def test_too_long_away(ann: Person, people: People, room: str, platform: Platform) -> None:
    chatter(people.some(8), room, 210)
    wait_for(lambda: len(platform.stored(room)) == 210, "all is stored")
    with ann.enter(room) as anns:
        say(anns, room, "and one more")  # the recent history is cut when somebody speaks
    with ann.enter(room) as back:
        assert back.ask("resume", lastSeq=2, epoch=back.hello["epoch"])["action"] == "resync"
        assert back.ask("resume", lastSeq=100, epoch=back.hello["epoch"])["action"] == "resumed"
        assert [one["seq"] for one in back.messages()] == list(range(101, 212))


def test_when_redis_loses_its_memory(ann: Person, ben: Person, room: str, platform: Platform) -> None:
    with ann.enter(room) as anns, ben.enter(room) as bens:
        epoch = anns.hello["epoch"]
        first = say(anns, room, "1", "2", "3")
        wait_for(lambda: len(platform.stored(room)) == 3, "all is stored")
        platform.redis.flushall()
        again = anns.ask("sendMessage", roomId=room, content="2", requestId=first[1]["requestId"])
        assert again == first[1]
        [fourth] = say(bens, room, "4")
        assert fourth["seq"] == 4
        assert fourth["createdAt"] > first[2]["createdAt"]
        for channel in (anns, bens):
            channel.seen(type="message", seq=4)
            [resync] = [frame for frame in channel.heard if frame.get("type") == "resync"]
            assert resync == {"type": "resync", "lastSeq": 3, "epoch": resync["epoch"]}
            assert resync["epoch"] != epoch
            assert [one["content"] for one in channel.messages()] == ["1", "2", "3", "4"]
        answer = anns.ask("resume", lastSeq=3, epoch=epoch)
        assert (answer["action"], answer["epoch"]) == ("resync", resync["epoch"])
    listed = ben.get(f"/rooms/{room}/messages")["messages"]
    assert [one["content"] for one in listed] == ["4", "3", "2", "1"]
    wait_for(lambda: len(platform.stored(room)) == 4, "all is stored")
    stored = platform.stored(room)
    assert [one["content"] for one in stored] == ["1", "2", "3", "4"]


def test_a_flush_between_talks_is_noticed_on_return(ann: Person, room: str, platform: Platform) -> None:
    with ann.enter(room) as anns:
        epoch = anns.hello["epoch"]
        say(anns, room, "1", "2")
    wait_for(lambda: len(platform.stored(room)) == 2, "all is stored")
    platform.redis.flushall()
    with ann.enter(room) as back:
        assert back.hello["epoch"] != epoch
        assert back.hello["lastSeq"] == 2
        assert back.ask("resume", lastSeq=2, epoch=epoch)["action"] == "resync"


def test_presence_is_put_back_after_a_flush(ann: Person, ben: Person, room: str, platform: Platform) -> None:
    with ann.enter(room) as anns, ben.enter(room) as bens:
        bens.ask("ping")
        platform.redis.flushall()
        both = sorted((ann.user_id, ben.user_id))
        wait_for(lambda: sorted(anns.ask("presence").get("members", [])) == both, "both are present again", 25)
