"""Rooms over HTTP."""

from contextlib import nullcontext

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.rooms import service
from shared.domains.rooms.contract import CreateRoom, JoinRoom, ListRooms, RoomDetails, RoomItem, RoomJoined, RoomLeft
from shared.kernel.contract import Contract
from shared.kernel.errors import Text
from web.answers import data_answer, listed
from web.auth import current_principal
from web.context import gateway
from web.documents.telling import tells, tells_page
from web.evenness import evenly
from web.idempotency import request_scoped_id
from web.shares import Turns

blueprint = APIBlueprint("rooms", __name__, url_prefix="/rooms", abp_tags=[Tag(name="rooms")])

ROOMS_PER_HOUR = 300
password_turns = Turns()
"""Hashing a password takes a fifth of a second of a core: a person has one at a time, so others never wait long."""


class RoomPath(Contract):
    """Which room."""

    room_id: str


@blueprint.post("")
@tells(RoomDetails, status=201)
def create_room(body: CreateRoom) -> Response:
    """Make a room."""
    context, principal = gateway(), current_principal()
    context.limits.check("rooms", principal.user_id, allowed=ROOMS_PER_HOUR, seconds=3600)
    with password_turns.of(principal.user_id) if body.is_private else nullcontext():
        created = service.create_room(
            body,
            principal,
            room_id=request_scoped_id() or context.ids.new(),
            rooms=context.rooms,
            made=context.rooms_made,
            hasher=context.passwords,
            epochs=context.room_log,
            clock=context.clock,
        )
    return data_answer(Text("Room created", "방이 생성되었습니다"), created, status=201)


@blueprint.get("")
@tells_page("rooms", RoomItem)
def list_rooms(query: ListRooms) -> Response:
    """List rooms, newest first; of one person's in a day, the 21st and later ones stand further back."""
    context, principal = gateway(), current_principal()
    scope = ["rooms", query.level, query.joined, principal.user_id if query.joined else None]
    position = context.cursors.decode(query.cursor, scope)
    page = service.list_rooms(query, principal, position=position, rooms=context.rooms)
    return data_answer(Text("Rooms retrieved", "방 목록을 조회했습니다"), listed("rooms", page, scope))


@blueprint.get("/<room_id>")
@tells(RoomDetails)
def show_room(path: RoomPath) -> Response:
    """Show a room."""
    room = service.show_room(path.room_id, current_principal(), rooms=gateway().rooms)
    return data_answer(Text("Room retrieved", "방을 조회했습니다"), room)


@blueprint.post("/<room_id>/join")
@tells(RoomJoined)
def join_room(path: RoomPath, body: JoinRoom) -> Response:
    """Enter a room and get the ticket for its WebSocket."""
    context, principal = gateway(), current_principal()
    even = evenly(refused_only=True) if body.password else nullcontext()
    with even, password_turns.of(principal.user_id) if body.password else nullcontext():
        joined = service.join_room(
            path.room_id,
            body,
            principal,
            rooms=context.rooms,
            tokens=context.room_tokens,
            hasher=context.passwords,
            guesses=context.guesses,
            clock=context.clock,
            ids=context.ids,
            token_life_seconds=context.settings.room_token_ttl_seconds,
        )
    return data_answer(Text("Joined room", "방에 참여했습니다"), joined)


@blueprint.post("/<room_id>/leave")
@tells(RoomLeft)
def leave_room(path: RoomPath) -> Response:
    """Leave a room."""
    context = gateway()
    left = service.leave_room(
        path.room_id, current_principal(), rooms=context.rooms, events=context.events, jobs=context.jobs
    )
    return data_answer(Text("Left room", "방에서 나갔습니다"), left)


@blueprint.delete("/<room_id>")
@tells()
def delete_room(path: RoomPath) -> Response:
    """End a room."""
    context = gateway()
    service.delete_room(
        path.room_id, current_principal(), rooms=context.rooms, events=context.events, jobs=context.jobs
    )
    return data_answer(Text("Room deleted", "방이 삭제되었습니다"), None)
