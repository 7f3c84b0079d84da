"""What Redis knows of a person for a while: forgotten, or made nameless where it is the others' too."""

from collections.abc import Collection

import orjson

from shared.adapters.redis_grouped import GroupedRedis, Script
from shared.adapters.redis_room_log import recent_key

_LOOKED_AT = 1000
"""Keys a step of SCAN looks at: each is a moment in which Redis does nothing else."""
_UNNAME = Script("unname_messages")
_FORGET = Script("forget_pushes")


class PersonalMoments:
    """Keys that carry a person's id are found by it; the others are noted while their rows are removed."""

    def __init__(self, redis: GroupedRedis) -> None:
        """Use grouped commands."""
        self._redis = redis
        self._rooms: set[str] = set()
        self._noted: set[str] = set()
        self._others: set[str] = set()

    def afresh(self) -> "PersonalMoments":
        """Return one in which nothing is noted: people who leave at the same time have one each."""
        return PersonalMoments(self._redis)

    def note_other(self, user_id: str) -> None:
        """Remember somebody to whom something was pushed that names the person."""
        self._others.add(user_id)

    def note_room(self, room_id: str) -> None:
        """Remember a room in which the person may have spoken lately."""
        self._rooms.add(room_id)

    def note_turn(self, turn_id: str) -> None:
        """Remember a turn with the AI partner."""
        self._noted |= {f"turn:{{{turn_id}}}:state", f"turn:{{{turn_id}}}:said"}

    def note_feedback(self, feedback_id: str) -> None:
        """Remember feedback."""
        self._noted |= {f"feedback:{feedback_id}", f"taken:{feedback_id}"}

    def remove(self, user_id: str, former: str, names: Collection[str] = ()) -> int:
        """Forget the person, whose recent words in rooms become those of `former`; return how much that was.

        What was pushed to others who were noted, and has one of the person's names, is forgotten with it. It looks at
        every key once, a thousand at a time.
        """
        found = {*self._named(user_id), *self._noted}
        removed = int(self._redis.call("DEL", *sorted(found))) if found else 0
        fields = [f'"userId":{orjson.dumps(one).decode()}' for one in (user_id, former)]
        unnamed = sum(int(self._redis.run(_UNNAME, [recent_key(room)], fields)) for room in sorted(self._rooms))
        told = [f"user:{{{one}}}:events" for one in sorted(self._others - {user_id})]
        forgotten = sum(int(self._redis.run(_FORGET, [stream], sorted({user_id, *names}))) for stream in told)
        self._rooms, self._noted, self._others = set(), set(), set()
        return removed + unnamed + forgotten

    def _named(self, user_id: str) -> list[str]:
        found: list[str] = []
        cursor = b"0"
        while True:
            cursor, keys = self._redis.call("SCAN", cursor, "MATCH", f"*{user_id}*", "COUNT", _LOOKED_AT)
            found += [key.decode() for key in keys]
            if int(cursor) == 0:
                return found
