"""The rules of rooms: who may make, see, enter, leave and end them."""

from datetime import timedelta

from shared.domains.rooms.contract import (
    ClearMemberships,
    CreateRoom,
    JoinRoom,
    ListRooms,
    RoomClosed,
    RoomDetails,
    RoomItem,
    RoomJoined,
    RoomLeft,
)
from shared.domains.rooms.errors import NotAMember, NotTheOwner, RoomNotFound, WrongPassword
from shared.domains.rooms.models import Member, Room, RoomStatus, RoomToken
from shared.domains.rooms.ports import GuessLimit, RoomReader, RoomsMade, RoomStore, RoomTokens
from shared.kernel.pages import Page, Position
from shared.kernel.ports import Clock, Epochs, EventBus, Ids, JobQueue, PasswordHasher
from shared.kernel.principal import Principal
from shared.kernel.times import epoch_seconds, timestamp
from shared.kernel.topics import room_topic, session_topic

UNKNOWN = "unknown"
NOBODYS_HASH = "$2b$12$B5SCytcTUMtYrL57J.CSeeDELx.BJfjOvqQj7cIu7d6QSEH35KSui"
"""Of random bytes that nobody has kept."""
LEFT_CODE = 4403
GONE_CODE = 4404
LISTED_AT_ONCE = 20
"""Rooms of one person in a day that lists show by their age; each further one stands an hour further back."""
FACES = 3
"""How many members of a room a list shows."""


def create_room(
    command: CreateRoom,
    principal: Principal,
    *,
    room_id: str,
    rooms: RoomStore,
    made: RoomsMade,
    hasher: PasswordHasher,
    epochs: Epochs,
    clock: Clock,
) -> RoomDetails:
    """Make a room whose creator is its first member; the same id again changes nothing.

    From the 21st of a day on, each stands an hour further back in lists: nobody fills them.
    """
    at = clock.now()
    now = timestamp(at)
    further = made.count(principal.user_id) - LISTED_AT_ONCE
    room = Room(
        room_id=room_id,
        name=command.name,
        description=command.description,
        level=command.level,
        max_members=command.max_members,
        is_private=command.is_private,
        password_hash=hasher.hash(command.password) if command.password else None,
        created_by=principal.user_id,
        member_ids=frozenset({principal.user_id}),
        created_at=now,
        last_message_at=now,
        listed_at=timestamp(at - timedelta(hours=further)) if further > 0 else None,
    )
    owner = _member(room_id, principal, now)
    rooms.add(room, owner)
    epochs.begin(room_id)
    return RoomDetails.seen_by(principal.user_id, room, [owner])


def list_rooms(
    command: ListRooms, principal: Principal, *, position: Position | None, rooms: RoomStore
) -> Page[RoomItem]:
    """Return rooms, newest first over all levels; with `joined`, only the caller's own."""
    if command.joined:
        found = rooms.joined_by(principal.user_id, limit=command.limit, position=position)
        kept = [room for room in found.items if command.level in (None, room.level)]
        return Page(_listed(kept, rooms), found.position)
    found = rooms.newest(command.level, limit=command.limit, position=position)
    return Page(_listed(found.items, rooms), found.position)


def _listed(found: list[Room], rooms: RoomReader) -> list[RoomItem]:
    """Return rooms as they are listed; who is in a private one stays hidden."""
    faces = rooms.some_members([room for room in found if not room.is_private], FACES)
    named = {room_id: sorted(one.name for one in members) for room_id, members in faces.items()}
    return [RoomItem.of(room, named.get(room.room_id)) for room in found]


def show_room(room_id: str, principal: Principal, *, rooms: RoomReader) -> RoomDetails:
    """Return a room; of a private one only its members see who is in it."""
    return RoomDetails.seen_by(principal.user_id, rooms.get(room_id), rooms.members(room_id))


def join_room(
    room_id: str,
    command: JoinRoom,
    principal: Principal,
    *,
    rooms: RoomStore,
    tokens: RoomTokens,
    hasher: PasswordHasher,
    guesses: GuessLimit,
    clock: Clock,
    ids: Ids,
    token_life_seconds: int,
) -> RoomJoined:
    """Become a member where the password and the capacity allow it, and get a new ticket; again is fine.

    Raises:
        WrongPassword: the room is private and the password missing or another.
        RoomFull: there is no place.
        RoomNotFound: the room is gone.
        RateLimited: too many guesses of the password.
    """
    room = _sought(room_id, command, principal, rooms=rooms, hasher=hasher, guesses=guesses)
    if not room.has(principal.user_id):
        _check_password(room, command, principal, hasher=hasher, guesses=guesses)
    now = clock.now()
    room = rooms.admit(room_id, _member(room_id, principal, timestamp(now)))
    ticket = RoomToken(
        token=ids.secret(),
        room_id=room_id,
        user_id=principal.user_id,
        session_id=principal.session_id,
        language=principal.language,
        expires_at=epoch_seconds(now + timedelta(seconds=token_life_seconds)),
    )
    tokens.issue(ticket)
    details = RoomDetails.seen_by(principal.user_id, room, rooms.members(room_id))
    return RoomJoined(room=details, room_token=ticket.token, token_expires_at=ticket.expires_at)


def _sought(
    room_id: str,
    command: JoinRoom,
    principal: Principal,
    *,
    rooms: RoomReader,
    hasher: PasswordHasher,
    guesses: GuessLimit,
) -> Room:
    """Return a room; where there is none, a password costs as long as with one, and counts as a guess."""
    try:
        return rooms.get(room_id)
    except RoomNotFound:
        if command.password is not None:
            guesses.check(principal.user_id, UNKNOWN)
            hasher.matches(command.password, NOBODYS_HASH)
        raise


def leave_room(room_id: str, principal: Principal, *, rooms: RoomStore, events: EventBus, jobs: JobQueue) -> RoomLeft:
    """Stop being a member; the user's sockets in the room close, and the last one out ends the room.

    Raises:
        NotAMember: the caller is not in the room.
    """
    room = rooms.dismiss(room_id, principal.user_id)
    events.close(session_topic(principal.user_id), LEFT_CODE, reason="left the room", room_id=room_id)
    if room.status is RoomStatus.DELETED:
        _announce_end(room_id, "empty", events=events, jobs=jobs)
    return RoomLeft(room_id=room_id, current_members=room.current_members)


def delete_room(room_id: str, principal: Principal, *, rooms: RoomStore, events: EventBus, jobs: JobQueue) -> None:
    """End a room; everyone in it is told and their sockets closed.

    Raises:
        NotTheOwner: somebody else made the room.
        RoomNotFound: it is gone already.
    """
    if rooms.get(room_id).created_by != principal.user_id:
        raise NotTheOwner
    rooms.delete(room_id)
    _announce_end(room_id, "deleted", events=events, jobs=jobs)


def redeem_token(token: str, *, rooms: RoomReader, tokens: RoomTokens, clock: Clock) -> RoomToken:
    """Use a ticket for the WebSocket; of many at once exactly one succeeds.

    Raises:
        TicketRefused: it is unknown, used or expired.
        RoomNotFound: the room is gone.
        NotAMember: its holder left the room since.
    """
    ticket = tokens.redeem(token, now=epoch_seconds(clock.now()))
    require_member(rooms.get(ticket.room_id), ticket.user_id)
    return ticket


def require_member(room: Room, user_id: str) -> None:
    """Refuse who is not a member.

    Raises:
        NotAMember: they are not in the room.
    """
    if not room.has(user_id):
        raise NotAMember


def clear_memberships(job: ClearMemberships, *, rooms: RoomStore) -> None:
    """Remove what is left of a room's memberships; again changes nothing."""
    rooms.clear_memberships(job.room_id)


def member_names(room_id: str, *, rooms: RoomReader) -> dict[str, str]:
    """Return the names of a room's members by userId.

    Raises:
        RoomNotFound: there is no such room, or it was deleted.
    """
    rooms.get(room_id)
    return {one.user_id: one.name for one in rooms.members(room_id)}


def _member(room_id: str, principal: Principal, now: str) -> Member:
    return Member(room_id=room_id, user_id=principal.user_id, name=principal.name, joined_at=now)


def _check_password(
    room: Room, command: JoinRoom, principal: Principal, *, hasher: PasswordHasher, guesses: GuessLimit
) -> None:
    if room.password_hash is None:
        return
    guesses.check(principal.user_id, room.room_id)
    if command.password is None or not hasher.matches(command.password, room.password_hash):
        raise WrongPassword


def _announce_end(room_id: str, reason: str, *, events: EventBus, jobs: JobQueue) -> None:
    events.publish(room_topic(room_id), RoomClosed(room_id=room_id, reason=reason))
    events.close(room_topic(room_id), GONE_CODE, reason=f"room {reason}")
    jobs.enqueue(ClearMemberships(room_id=room_id))
