"""Open connections in Redis: presence of rooms, and the channels of each user."""

from shared.adapters.redis_grouped import GroupedRedis, Script

KEEP_SECONDS = 86_400

_PRESENCE = Script("presence")


def _key(room_id: str) -> str:
    return f"room:{{{room_id}}}:presence"


class RedisPresence:
    """The port Presence; lost with Redis' memory, and put back by each gateway's round (`enter` again)."""

    def __init__(self, redis: GroupedRedis) -> None:
        """Use grouped commands."""
        self._redis = redis

    def enter(self, room_id: str, user_id: str, connection_id: str) -> list[str] | None:
        """Note a connection; return the users present where that changed."""
        return self._change("enter", room_id, user_id, connection_id)

    def leave(self, room_id: str, user_id: str, connection_id: str) -> list[str] | None:
        """Note that a connection is gone; return the users present where that changed."""
        return self._change("leave", room_id, user_id, connection_id)

    def present(self, room_id: str) -> list[str]:
        """Return the users present."""
        return sorted({user.decode() for user in self._redis.call("HVALS", _key(room_id))})

    def _change(self, verb: str, room_id: str, user_id: str, connection_id: str) -> list[str] | None:
        users = self._redis.run(_PRESENCE, [_key(room_id)], [verb, connection_id, user_id, KEEP_SECONDS])
        return None if users is None else sorted(user.decode() for user in users)


class RedisChannels:
    """A user's open channels over all gateways, the earliest first; at most so many are allowed."""

    def __init__(self, redis: GroupedRedis) -> None:
        """Use grouped commands."""
        self._redis = redis

    def open(self, user_id: str, connection_id: str, connected_at: float, *, allowed: int) -> list[str]:
        """Note a channel and return the ids of the earliest ones beyond what is allowed, which are forgotten here."""
        return self._open(f"user:{{{user_id}}}:channels", connection_id, connected_at, allowed)

    def open_room(self, user_id: str, connection_id: str, connected_at: float, *, allowed: int) -> list[str]:
        """Note a connection to a room; otherwise as `open`, counted apart."""
        return self._open(f"user:{{{user_id}}}:room-connections", connection_id, connected_at, allowed)

    def close_room(self, user_id: str, connection_id: str) -> None:
        """Note that a connection to a room is gone."""
        self._redis.call("ZREM", f"user:{{{user_id}}}:room-connections", connection_id)

    def _open(self, key: str, connection_id: str, connected_at: float, allowed: int) -> list[str]:
        *_, ids = self._redis.calls(
            [("ZADD", key, connected_at, connection_id), ("EXPIRE", key, KEEP_SECONDS), ("ZRANGE", key, 0, -1)]
        )
        surplus = [one.decode() for one in ids[: max(0, len(ids) - allowed)]]
        if surplus:
            self._redis.call("ZREM", key, *surplus)
        return surplus

    def close(self, user_id: str, connection_id: str) -> None:
        """Note that a channel is gone."""
        self._redis.call("ZREM", f"user:{{{user_id}}}:channels", connection_id)

    def is_open(self, user_id: str) -> bool:
        """Tell whether a user has a channel of their own open."""
        return bool(self._redis.call("EXISTS", f"user:{{{user_id}}}:channels"))

    def is_known(self, gateway_id: str) -> bool:
        """Tell whether Redis remembers this gateway."""
        return bool(self._redis.call("EXISTS", f"gateway:{gateway_id}"))

    def know(self, gateway_id: str) -> None:
        """Have Redis remember this gateway."""
        self._redis.call("SET", f"gateway:{gateway_id}", "1", "EX", KEEP_SECONDS)
