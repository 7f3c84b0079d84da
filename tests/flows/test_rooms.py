"""Rooms: made, listed, entered, left, ended."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.flows.cases import check_refusal
from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for

LEFT, GONE = 4403, 4404
DETAILS = {
    "roomId",
    "name",
    "level",
    "currentMembers",
    "maxMembers",
    "isPrivate",
    "createdBy",
    "memberIds",
    "members",
    "createdAt",
    "lastMessageAt",
    "status",
}
ITEM = {"roomId", "name", "level", "currentMembers", "maxMembers", "isPrivate", "lastMessageAt", "createdAt"}


def test_a_new_room(ann: Person) -> None:
    answer = ann.ask("POST", "/rooms", json={"name": " Coffee ", "level": "Beginner", "description": "Talk"})
    assert answer.status_code == 201
    said = answer.json()
    assert set(said) == {"success", "message", "data"}
    room = said["data"]

    assert set(room) == DETAILS | {"description"}
    assert (room["name"], room["level"], room["maxMembers"]) == ("Coffee", "beginner", 6)
    assert (room["currentMembers"], room["memberIds"]) == (1, [ann.user_id])
    assert room["members"] == [{"userId": ann.user_id, "name": ann.name}]
    assert room["lastMessageAt"] == room["createdAt"]
    assert (room["status"], room["isPrivate"], room["createdBy"]) == ("CREATED", False, ann.user_id)
    assert ann.get(f"/rooms/{room['roomId']}") == room


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ("beginner", "beginner"),
        ("BEGINNER", "beginner"),
        ("하", "beginner"),
        ("Intermediate", "intermediate"),
        ("중", "intermediate"),
        ("aDvAnCeD", "advanced"),
        ("상", "advanced"),
    ],
)
def test_levels_in_any_form(given: str, level: str, ann: Person) -> None:
    room = ann.post("/rooms", {"name": "Levels", "level": given})
    assert room["level"] == level
    listed = ann.get("/rooms", params={"level": given, "limit": 20})["rooms"]
    assert room["roomId"] in [one["roomId"] for one in listed]
    assert {one["level"] for one in listed} == {level}


def test_levels_under_the_name_difficulty(ann: Person) -> None:
    assert ann.post("/rooms", {"name": "Levels", "difficulty": "중"})["level"] == "intermediate"


def test_pages_list_every_room_once_and_the_newest_first(people: People) -> None:
    cho = people.fresh()
    made = [cho.room(name=f"{number}", level=level) for number, level in enumerate(["하", "중", "상"] * 5)]
    queries: list[dict[str, Any]] = [{"limit": 4}, {"limit": 4, "joined": "true"}, {}]
    for query in queries:
        found: list[dict[str, Any]] = []
        answer: dict[str, Any] = {"hasMore": True}
        cursor: dict[str, str] = {}
        while answer["hasMore"] and len(found) < 60:
            answer = cho.get("/rooms", params=query | cursor)
            assert len(answer["rooms"]) <= query.get("limit", 10)
            assert answer["hasMore"] == bool(answer.get("nextCursor"))
            cursor = {"cursor": answer["nextCursor"]} if answer["hasMore"] else {}
            found += answer["rooms"]
        ids = [one["roomId"] for one in found]
        assert len(ids) == len(set(ids))
        assert [one for one in ids if one in made] == made[::-1]
        for one in found:
            assert set(one) - {"description"} == (ITEM if one["isPrivate"] else ITEM | {"faces"})
        assert all(one["faces"] == [cho.name] for one in found if one["roomId"] in made)
        if "joined" in query:
            assert ids == made[::-1]


def test_a_cursor_belongs_to_its_list(people: People, ann: Person) -> None:
    cho = people.fresh()
    for _ in range(3):
        cho.room()
    cursors = {
        query: cho.get(f"/rooms?limit=1{query}")["nextCursor"] for query in ("", "&joined=true", "&level=beginner")
    }
    for query in cursors:
        for other, cursor in cursors.items():
            answer = cho.ask("GET", f"/rooms?limit=1{query}&cursor={cursor}")
            assert answer.status_code == (200 if query == other else 400), (query, other)
    check_refusal(ann.ask("GET", f"/rooms?limit=1&joined=true&cursor={cursors['&joined=true']}"), 400)
    damaged = cursors[""][:-2] + ("AA" if cursors[""][-2:] != "AA" else "BB")
    check_refusal(cho.ask("GET", f"/rooms?cursor={damaged}"), 400)


def test_a_private_room(people: People, ann: Person, ben: Person) -> None:
    made = ann.ask(
        "POST", "/rooms", json={"name": "Secret", "level": "상", "isPrivate": True, "password": "열려라참깨" * 8}
    )
    room = made.json()["data"]["roomId"]
    assert "password" not in made.text.lower()

    seen = ben.get(f"/rooms/{room}")
    assert seen["isPrivate"] is True
    assert not {"members", "memberIds"} & set(seen)
    assert room in [one["roomId"] for one in ben.get("/rooms?limit=20")["rooms"]]
    for body in ({}, {"password": "열려라참깨" * 8 + "x"}, {"password": "열려라참깨" * 7}, {"password": None}):
        check_refusal(ben.ask("POST", f"/rooms/{room}/join", json=body), 403)
    joined = ben.post(f"/rooms/{room}/join", {"password": "열려라참깨" * 8})
    assert joined["room"]["memberIds"] == sorted([ann.user_id, ben.user_id])
    assert ben.post(f"/rooms/{room}/join")["roomToken"] != joined["roomToken"]
    assert set(ben.get(f"/rooms/{room}")) == DETAILS


def test_guessing_a_password_is_bounded(people: People) -> None:
    cho, dan = people.fresh(), people.fresh()
    room = cho.room(isPrivate=True, password="correct")
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(dan.ask, "POST", f"/rooms/{room}/join", json={"password": str(n)}) for n in range(11)]
        answers = [one.result() for one in asked]
    assert sorted(one.status_code for one in answers) == [403] * 10 + [429]
    assert all(int(one.headers["Retry-After"]) > 0 for one in answers if one.status_code == 429)


def test_the_states_of_a_room(ann: Person, platform: Platform) -> None:
    room = ann.room()
    before = ann.get(f"/rooms/{room}")
    with ann.enter(room) as channel:
        ack = channel.ask("sendMessage", roomId=room, content="First")
    active = wait_for(lambda: _active(ann, room), "the room is active")
    assert active["lastMessageAt"] == ack["createdAt"] > before["lastMessageAt"]

    left = ann.post(f"/rooms/{room}/leave")
    assert left == {"roomId": room, "currentMembers": 0}
    for method, path in (("GET", ""), ("POST", "/join"), ("POST", "/leave"), ("DELETE", ""), ("GET", "/messages")):
        check_refusal(ann.ask(method, f"/rooms/{room}{path}"), 404)
    assert room not in [one["roomId"] for one in ann.get("/rooms?limit=20")["rooms"]]
    assert room not in [one["roomId"] for one in ann.get("/rooms?limit=20&joined=true")["rooms"]]
    item = platform.item(f"ROOM#{room}", "METADATA")
    assert item is not None
    assert (item["status"], item["currentMembers"]) == ("DELETED", 0)
    wait_for(lambda: not platform.items(f"ROOM#{room}", "MEMBER#"), "memberships are cleared")
    assert len(platform.stored(room)) == 1


def _active(person: Person, room: str) -> dict[str, Any] | None:
    found = person.get(f"/rooms/{room}")
    return found if found["status"] == "ACTIVE" else None


def test_leaving(ann: Person, ben: Person, people: People) -> None:
    room = ann.room()
    cho = people.some(3)[2]
    check_refusal(ben.ask("POST", f"/rooms/{room}/leave"), 403)
    with ann.enter(room) as anns, ben.enter(room) as first, ben.enter(room) as second, ben.channel() as own:
        assert ben.post(f"/rooms/{room}/leave") == {"roomId": room, "currentMembers": 1}
        assert (first.closed(), second.closed()) == (LEFT, LEFT)
        assert anns.until(lambda frame: len(frame["members"]) == 2, type="presence")
        assert anns.until(lambda frame: frame["members"] == [ann.user_id], type="presence")
        assert anns.ask("ping")["action"] == own.ask("ping")["action"] == "pong"
    check_refusal(ben.ask("POST", f"/rooms/{room}/leave"), 403)
    check_refusal(ben.ask("GET", f"/rooms/{room}/messages"), 403)

    cho.post(f"/rooms/{room}/join")
    ann.post(f"/rooms/{room}/leave")
    check_refusal(cho.ask("DELETE", f"/rooms/{room}"), 403)
    assert ann.ask("DELETE", f"/rooms/{room}").status_code == 200  # the owner may leave and still delete


def test_deleting(ann: Person, ben: Person) -> None:
    room = ann.room()
    with ann.enter(room) as anns, ben.enter(room) as bens, ben.enter(room) as latest:
        check_refusal(ben.ask("DELETE", f"/rooms/{room}"), 403)
        began = time.monotonic()
        answer = ann.ask("DELETE", f"/rooms/{room}").json()
        assert answer["success"] is True
        assert answer["data"] is None
        for channel in (anns, bens, latest):
            assert channel.closed() == GONE
            assert channel.heard[-1] == {"type": "room_closed", "roomId": room, "reason": "deleted"}
        assert time.monotonic() - began < 2
    check_refusal(ann.ask("DELETE", f"/rooms/{room}"), 404)


def test_a_full_room(ann: Person, people: People) -> None:
    first, second, third = people.some(5)[2:5]
    room = ann.room(maxMembers=3)
    for person in (first, second):
        person.post(f"/rooms/{room}/join")
    check_refusal(third.ask("POST", f"/rooms/{room}/join"), 409)
    assert first.ask("POST", f"/rooms/{room}/join").status_code == 200
    first.post(f"/rooms/{room}/leave")
    assert third.post(f"/rooms/{room}/join")["room"]["currentMembers"] == 3


def test_sixty_come_at_once_and_six_are_in(people: People, platform: Platform) -> None:
    crowd = people.some(60)
    room = crowd[0].room(maxMembers=6)
    with ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(lambda person: person.ask("POST", f"/rooms/{room}/join"), crowd))

    assert sorted(one.status_code for one in answers) == [200] * 6 + [409] * 54
    inside = {person.user_id for person, one in zip(crowd, answers, strict=True) if one.status_code == 200}
    shown = crowd[0].get(f"/rooms/{room}")
    assert (shown["currentMembers"], set(shown["memberIds"])) == (6, inside)
    assert {item["userId"] for item in platform.items(f"ROOM#{room}", "MEMBER#")} == inside


def test_all_leave_at_once(people: People, platform: Platform) -> None:
    crowd = people.some(20)
    room = crowd[0].room()
    for person in crowd:
        person.post(f"/rooms/{room}/join")
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda person: person.ask("POST", f"/rooms/{room}/leave"), crowd))

    assert {one.status_code for one in answers} == {200}
    assert sorted(one.json()["data"]["currentMembers"] for one in answers) == list(range(20))
    check_refusal(crowd[0].ask("GET", f"/rooms/{room}"), 404)
