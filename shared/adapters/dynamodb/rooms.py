"""Rooms, memberships and room tokens in the table."""

import heapq
import time
from typing import Any

from boto3.dynamodb.conditions import Attr, Key

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import rooms as keys
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Delete, Item, Put, Table, Update
from shared.domains.rooms.errors import NotAMember, RoomFull, RoomNotFound, TicketRefused
from shared.domains.rooms.models import Member, Room, RoomStatus, RoomToken
from shared.kernel.levels import LEVELS
from shared.kernel.pages import Page, Position

KEEP_DELETED_SECONDS = 30 * 86_400
KEEP_TOKEN_SECONDS = 86_400
_MEMBERS = "memberIds"
_ALIVE = Attr("status").ne(RoomStatus.DELETED) & PRESENT


class DynamoRooms:
    """The port RoomStore: the set of members on the room's own item is the truth, and changes in one conditional step.

    A membership item beside it carries the name and finds a user's rooms; joining again heals one that is missing.
    """

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def get(self, room_id: str) -> Room:
        """Return a room, or raise RoomNotFound."""
        item = self._table.get(keys.room(room_id), METADATA)
        if item is None or item["status"] == RoomStatus.DELETED:
            raise RoomNotFound
        return _room(item)

    def members(self, room_id: str) -> list[Member]:
        """Return the memberships of a room."""
        page = self._table.query(keys.room(room_id), sort=Key("SK").begins_with(keys.member("")), consistent=True)
        return [_member(item) for item in page.items]

    def some_members(self, rooms: list[Room], each: int) -> dict[str, list[Member]]:
        """Return up to so many memberships of each room; those whose item is missing are left out."""
        chosen = [(room.room_id, one) for room in rooms for one in sorted(room.member_ids)[:each]]
        items = self._table.batch_get([(keys.room(room_id), keys.member(one)) for room_id, one in chosen])
        found: dict[str, list[Member]] = {room.room_id: [] for room in rooms}
        for item in items:
            member = _member(item)
            found[member.room_id].append(member)
        return found

    def add(self, room: Room, owner: Member) -> None:
        """Store a new room with its first member; the same room again changes nothing."""
        try:
            self._table.transact([Put(_room_item(room), NEW), Put(_member_item(owner))])
        except ConditionFailed:
            return

    def newest(self, level: str | None, *, limit: int, position: Position | None) -> Page[Room]:
        """Return rooms, newest first; over all levels by merging the three ranges."""
        before = position["before"] if position else None
        ranges = [self._range(one, before, limit + 1) for one in ([level] if level else LEVELS)]
        merged = heapq.merge(*ranges, key=_age, reverse=True)
        rooms = [_room(item) for item, _ in zip(merged, range(limit + 1), strict=False)]
        more = len(rooms) > limit
        return Page(rooms[:limit], {"before": _order(rooms[limit - 1])} if more else None)

    def joined_by(self, user_id: str, *, limit: int, position: Position | None) -> Page[Room]:
        """Return the rooms that a user is a member of, the latest joined first."""
        page = self._table.query(keys.rooms_of(user_id), index="GSI1", limit=limit, newest_first=True, start=position)
        found = self._table.batch_get([(item["PK"], METADATA) for item in page.items])
        by_key = {item["PK"]: _room(item) for item in found if item["status"] != RoomStatus.DELETED}
        rooms = [by_key[item["PK"]] for item in page.items if item["PK"] in by_key]
        return Page([room for room in rooms if room.has(user_id)], page.position)

    def admit(self, room_id: str, member: Member) -> Room:
        """Make somebody a member, atomically with the check of capacity."""
        inside = Attr(_MEMBERS).contains(member.user_id)
        has_place = Attr("currentMembers").lt(Attr("maxMembers"))
        room = self._table.get(keys.room(room_id), METADATA)
        if room is None or room["status"] == RoomStatus.DELETED:
            raise RoomNotFound
        if member.user_id not in room.get(_MEMBERS, set()):
            change = Update(
                keys.room(room_id),
                METADATA,
                add={_MEMBERS: {member.user_id}, "currentMembers": 1},
                condition=_ALIVE & ~inside & has_place,
            )
            room = self._admitted(change, member.user_id)
        self._table.write(Put(_member_item(member)))
        return _room(room)

    def dismiss(self, room_id: str, user_id: str) -> Room:
        """Take a member out; the last one out leaves the room DELETED in the same step."""
        inside = Attr(_MEMBERS).contains(user_id)
        others = Attr("currentMembers").gt(1)
        pk = keys.room(room_id)
        leave = {"delete": {_MEMBERS: {user_id}}, "add": {"currentMembers": -1}}
        steps = (
            Update(pk, METADATA, **leave, condition=_ALIVE & inside & others),  # type: ignore[arg-type]
            Update(pk, METADATA, **leave, **_deleted(), condition=_ALIVE & inside & ~others),  # type: ignore[arg-type]
        )
        while True:
            for step in steps:
                try:
                    room = _room(self._table.write(step, want="ALL_NEW"))
                except ConditionFailed:
                    continue
                self._table.write(Delete(pk, keys.member(user_id)))
                return room
            if not self.get(room_id).has(user_id):
                raise NotAMember

    def delete(self, room_id: str) -> None:
        """Mark a room DELETED; again changes nothing."""
        try:
            self._table.write(Update(keys.room(room_id), METADATA, **_deleted(), condition=_ALIVE))
        except ConditionFailed:
            return

    def clear_memberships(self, room_id: str) -> None:
        """Remove the membership items of a room."""
        members = self.members(room_id)
        self._table.batch_write(Delete(keys.room(room_id), keys.member(one.user_id)) for one in members)

    def spoken(self, room_id: str, at: str) -> None:
        """Move lastMessageAt forward, never back, and make a CREATED room ACTIVE."""
        change = Update(
            keys.room(room_id),
            METADATA,
            put={"lastMessageAt": at, "status": RoomStatus.ACTIVE},
            condition=_ALIVE & Attr("lastMessageAt").lt(at),
        )
        try:
            self._table.write(change)
        except ConditionFailed:
            return

    def _admitted(self, change: Update, user_id: str) -> Item:
        try:
            return self._table.write(change, want="ALL_NEW")
        except ConditionFailed as refused:
            item = refused.item
        if item is None or item["status"] == RoomStatus.DELETED:
            raise RoomNotFound
        if user_id in item.get(_MEMBERS, set()):
            return item
        raise RoomFull

    def _range(self, level: str, before: str | None, limit: int) -> list[Item]:
        start = f"{level}#"
        sort = Key("GSI1SK").between(start, f"{start}{before}") if before else Key("GSI1SK").begins_with(start)
        page = self._table.query(keys.ROOMS, index="GSI1", sort=sort, limit=limit + 1, newest_first=True)
        return [item for item in page.items if before is None or _age(item) < before]


class DynamoRoomTokens:
    """The port RoomTokens."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def issue(self, token: RoomToken) -> None:
        """Store a ticket as ISSUED."""
        item = token.model_dump(by_alias=True) | {
            "PK": keys.token(token.token),
            "SK": METADATA,
            "status": "ISSUED",
            "ttl": token.expires_at + KEEP_TOKEN_SECONDS,
        }
        try:
            self._table.write(Put(item, NEW))
        except ConditionFailed:
            # Issued already, by a request whose answer was lost: writing it again would make a used ticket good.
            return

    def redeem(self, token: str, *, now: int) -> RoomToken:
        """Use a ticket: of many at once exactly one succeeds."""
        change = Update(
            keys.token(token),
            METADATA,
            put={"status": "VALIDATED"},
            condition=Attr("status").eq("ISSUED") & Attr("expiresAt").gt(now),
        )
        try:
            return RoomToken.model_validate(self._table.write(change, want="ALL_NEW"), extra="ignore")
        except ConditionFailed as refused:
            raise TicketRefused from refused


def _deleted() -> dict[str, Any]:
    """Return the change that ends a room: out of the lists, kept a while so that late writes find it gone."""
    gone = {"status": RoomStatus.DELETED, "ttl": int(time.time()) + KEEP_DELETED_SECONDS}
    return {"put": gone, "remove": ("GSI1PK", "GSI1SK")}


def _order(room: Room) -> str:
    return f"{room.place}#{room.room_id}"


def _age(item: Item) -> str:
    return str(item["GSI1SK"]).partition("#")[2]


def _room_item(room: Room) -> Item:
    item = room.model_dump(by_alias=True, exclude_none=True) | {_MEMBERS: set(room.member_ids)}
    place = {"GSI1PK": keys.ROOMS, "GSI1SK": f"{room.level}#{_order(room)}"}
    return item | place | {"PK": keys.room(room.room_id), "SK": METADATA, "currentMembers": room.current_members}


def _member_item(member: Member) -> Item:
    return member.model_dump(by_alias=True) | {
        "PK": keys.room(member.room_id),
        "SK": keys.member(member.user_id),
        "GSI1PK": keys.rooms_of(member.user_id),
        "GSI1SK": member.joined_at,
    }


def _room(item: Item) -> Room:
    return Room.model_validate(item, extra="ignore")


def _member(item: Item) -> Member:
    return Member.model_validate(item, extra="ignore")
