"""A room's history: everything that was acknowledged, once, in one order."""

from typing import Any

import pytest

from tests.flows.cases import check_refusal
from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for
from tests.flows.talk import chatter


def history(person: Person, room: str, limit: int) -> list[dict[str, Any]]:
    """Return all pages, one after the other."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = person.get(f"/rooms/{room}/messages", params={"limit": limit} | cursor)
        assert set(page) <= {"messages", "nextCursor", "hasMore"}
        assert len(page["messages"]) <= limit
        found += page["messages"]
        if not page["hasMore"]:
            assert page.get("nextCursor") is None
            return found
        assert len(page["messages"]) == limit
        cursor = {"cursor": page["nextCursor"]}


@pytest.fixture(scope="module")
def talked(people: People, ann: Person) -> tuple[str, list[dict[str, Any]]]:
    room = ann.room()
    # Two people, and Ben is none of them: one person's 40 frames in 2 s hold over all of their sockets in a room.
    return room, chatter([ann, people.some(3)[2]], room, 45)


@pytest.mark.parametrize("limit", [1, 2, 7, 44, 45, 46, 100])
def test_pages_partition_the_list(limit: int, talked: tuple[str, list[dict[str, Any]]], ann: Person) -> None:
    room, said = talked

    assert history(ann, room, limit) == said[::-1]


def test_without_a_limit_twenty(talked: tuple[str, list[dict[str, Any]]], ann: Person) -> None:
    room, said = talked
    page = ann.get(f"/rooms/{room}/messages")

    assert page["messages"] == said[:-21:-1]
    assert page["hasMore"] is True


def test_seq_and_time_rise_together(talked: tuple[str, list[dict[str, Any]]], ann: Person) -> None:
    room, said = talked

    assert [one["seq"] for one in said] == list(range(1, 46))
    times = [one["createdAt"] for one in said]
    assert times == sorted(set(times))
    wait_for(lambda: ann.get(f"/rooms/{room}")["lastMessageAt"] == times[-1], "lastMessageAt moves")


def test_from_the_table_it_is_the_same(
    talked: tuple[str, list[dict[str, Any]]], ann: Person, platform: Platform
) -> None:
    room, said = talked
    wait_for(lambda: len(platform.stored(room)) == 45, "all is stored")
    platform.redis.flushall()

    assert history(ann, room, 10) == said[::-1]
    assert history(ann, room, 100) == said[::-1]


def test_a_cursor_belongs_to_its_room(talked: tuple[str, list[dict[str, Any]]], ann: Person, ben: Person) -> None:
    room, _ = talked
    other = ann.room()
    cursor = ann.get(f"/rooms/{room}/messages?limit=1")["nextCursor"]
    check_refusal(ann.ask("GET", f"/rooms/{other}/messages?cursor={cursor}"), 400)
    check_refusal(ann.ask("GET", f"/rooms/{room}/messages?cursor={cursor[:-3]}"), 400)
    check_refusal(ann.ask("GET", f"/rooms?cursor={cursor}"), 400)
    check_refusal(ben.ask("GET", f"/rooms/{room}/messages?cursor={cursor}"), 403)


def test_more_than_the_cache_keeps(people: People, platform: Platform) -> None:
    crowd = people.some(8)
    room = crowd[0].room()
    said = chatter(crowd, room, 230)
    wait_for(lambda: len(platform.stored(room)) == 230, "all is stored")

    assert history(crowd[0], room, 100) == said[::-1]


def test_an_acknowledged_message_is_there_at_once(ann: Person, room: str) -> None:
    with ann.enter(room) as channel:
        for number in range(30):
            ack = channel.ask("sendMessage", roomId=room, content=f"{number}")
            newest = ann.get(f"/rooms/{room}/messages?limit=1")["messages"][0]
            assert (newest["messageId"], newest["seq"]) == (ack["messageId"], ack["seq"])


def test_an_empty_room(ann: Person, room: str) -> None:
    page = ann.get(f"/rooms/{room}/messages")
    assert (page["messages"], page["hasMore"], page.get("nextCursor")) == ([], False, None)
