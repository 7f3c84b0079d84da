"""What lies in the table is what docs/table.md says."""

import base64
import json
import re
from typing import Any

import pytest

from tests.flows.channel import Channel
from tests.flows.people import People, Person
from tests.flows.platform import ROOT, Platform, wait_for


def filled(template: str, **values: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: values[found.group(1)], template)


def documented() -> dict[str, list[str]]:
    """Return the key templates of each kind of item: PK, SK, GSI1, GSI2."""
    found = {}
    for line in (ROOT / "docs" / "table.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[1].startswith("`"):
            found[cells[0]] = [*re.findall(r"`([^`]+)`", cells[1]), cells[2], cells[3]]
    return found


def check(item: dict[str, Any] | None, kind: str, **values: str) -> dict[str, Any]:
    """Hold an item's keys against the page; an index that needs a value that is not given is one it is not in."""
    assert item is not None, kind
    pk, sk, *indexes = documented()[kind]
    assert (item["PK"], item["SK"]) == (filled(pk, **values), filled(sk, **values))
    for number, index in enumerate(indexes, start=1):
        keys = re.findall(r"`([^`]+)`", index)
        stored = [item.get(f"GSI{number}PK"), item.get(f"GSI{number}SK")]
        is_in = keys and set(re.findall(r"{(\w+)}", "".join(keys))) <= values.keys()
        assert stored == ([filled(key, **values) for key in keys] if is_in else [None, None]), kind
    return item


def test_a_room_its_members_and_its_messages(people: People, ann: Person, platform: Platform) -> None:
    ben = people.some(2)[1]
    room = ann.post("/rooms", {"name": "Keys", "level": "중", "isPrivate": True, "password": "secret", "maxMembers": 4})
    ids = {"roomId": room["roomId"], "level": "intermediate", "createdAt": room["createdAt"]}
    ids["listedAt"] = room["createdAt"]  # later rooms of one day stand further back
    stored = check(platform.item(f"ROOM#{room['roomId']}", "METADATA"), "Room", **ids)
    assert stored["memberIds"] == {ann.user_id}
    assert stored["currentMembers"] == 1
    assert stored["passwordHash"].startswith("$2")
    assert "secret" not in str(stored)

    joined = ben.post(f"/rooms/{room['roomId']}/join", {"password": "secret"})
    for person in (ann, ben):
        member = platform.item(f"ROOM#{room['roomId']}", f"MEMBER#{person.user_id}")
        assert member is not None
        check(member, "Member", **ids, userId=person.user_id, joinedAt=member["joinedAt"])
        assert member["name"] == person.name
    token = check(platform.item(f"TOKEN#{joined['roomToken']}", "METADATA"), "RoomToken", token=joined["roomToken"])
    assert token["ttl"] >= token["expiresAt"]

    with ann.enter(room["roomId"]) as channel:
        ack = channel.ask("sendMessage", roomId=room["roomId"], content="Hello")
    [message] = wait_for(lambda: platform.stored(room["roomId"]), "it is stored")
    values = {"messageId": ack["messageId"], "createdAt": ack["createdAt"], "userId": ann.user_id}
    check(message, "Message", **ids | values)
    assert (message["content"], message["seq"], message["messageType"]) == ("Hello", ack["seq"], "TEXT")
    wait_for(lambda: token_status(platform, joined["roomToken"]) == "ISSUED", "an unused token stays")


def token_status(platform: Platform, token: str) -> str:
    return str((platform.item(f"TOKEN#{token}", "METADATA") or {}).get("status"))


def test_a_used_token(ann: Person, room: str, platform: Platform) -> None:
    token = ann.ticket(room)
    with Channel(f"{platform.socket}?roomToken={token}"):
        assert token_status(platform, token) == "VALIDATED"


@pytest.mark.parametrize("role", ["student", "tutor"])
def test_an_account(role: str, people: People, platform: Platform) -> None:
    person = people.fresh(role)
    values = {"userId": person.user_id, "email": person.email} | ({"name": person.name} if role == "tutor" else {})
    stored = check(platform.item(f"USER#{person.user_id}", "PROFILE"), "Account", **values)
    assert stored["role"] == role
    assert "assword" not in str(stored)


def test_an_ended_sign_in(people: People, platform: Platform) -> None:
    person = people.fresh()
    payload = person.tokens["accessToken"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    person.post("/api/auth/logout", {"refreshToken": person.tokens["refreshToken"]})
    session_id = claims["origin_jti"]
    stored = platform.item(f"REVOKED#{session_id}", "METADATA")
    assert stored is not None
    check(stored, "Ended sign-in", sessionId=session_id, until=f"{stored['ttl']:012d}")
    assert stored["ttl"] >= claims["exp"]


def test_a_connection_and_its_gateway(ann: Person, room: str, platform: Platform) -> None:
    with ann.enter(room) as channel:
        pk = f"CONN#{channel.connection_id}"
        stored = wait_for(lambda: platform.item(pk, "METADATA"), "it is recorded")
        values = {name: stored[name] for name in ("connectionId", "roomId", "userId", "gatewayId")}
        check(stored, "Connection", **values)
        check(platform.item(f"GATEWAY#{values['gatewayId']}", pk), "Connection under its gateway", **values)
        gateway = platform.item(f"GATEWAY#{values['gatewayId']}", "METADATA")
        assert gateway is not None
        check(gateway, "Gateway process", **values, heardAt=gateway["heardAt"])
    tombstone = wait_for(lambda: platform.item(pk, "CLOSED"), "it is noted as closed")
    check(tombstone, "Tombstone of a connection", **values)


def test_a_message_after_redis_lost_its_memory(ann: Person, room: str, platform: Platform) -> None:
    platform.redis.flushall()
    with ann.enter(room) as channel:
        ack = channel.ask("sendMessage", roomId=room, content="Doubtful")
    key = ack["messageId"]
    once = wait_for(lambda: platform.item(f"ONCE#{key}", "METADATA"), "it is noted")
    check(once, "Once (ledger)", key=key)
    assert platform.item(f"ROOM#{room}", once["messageKey"]) is not None
    assert once["ttl"] > 0
