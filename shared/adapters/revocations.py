"""Sign-ins that ended before their tokens did: in the table, and in Redis for speed."""

import time

from boto3.dynamodb.conditions import Key
from redis.exceptions import NoScriptError

from shared.adapters.cooldown import Cooldown
from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import accounts as keys
from shared.adapters.dynamodb.table import Put, Table
from shared.adapters.redis_grouped import GroupedRedis, Script
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log

WHOLE_SECONDS = 30
REST_SECONDS = 2.0
_WHOLE = "{revoked}:whole"
_ASK = Script("revoked")
_COPY = Script("copy_revoked")
_ENDED = 2  # the script counts an ended sign-in twice and a whole list once

log = get_log()


class TableRevocations:
    """The port Revocations.

    The table has every sign-in that ended and whose tokens live still; Redis has a copy with a mark that says "this
    copy is whole". A check is one round trip to Redis. Where the mark is missing, or Redis is away, the table is asked,
    and the copy is made anew. The mark lives 30 s, so that whatever was lost heals within that time.

    The check is a script that only this class loads, after it made the copy: scripts live in the memory of a server
    and never on its disk. So a Redis that restarts with an old copy on its disk, the last second missing, does not know
    the script, and is not believed.
    """

    def __init__(self, table: Table, redis: GroupedRedis) -> None:
        """Use both."""
        self._table = table
        self._redis = redis
        self._cooldown = Cooldown(REST_SECONDS)
        self._not_copied: set[str] = set()

    def revoke(self, session_id: str, *, until: int) -> None:
        """Refuse a sign-in's tokens from now on: first in the table, which does not forget; again changes nothing."""
        place = {"PK": keys.revoked(session_id), "SK": METADATA}
        listed = {"GSI1PK": keys.REVOCATIONS, "GSI1SK": f"{until:012d}#{session_id}"}
        self._table.write(Put({**place, **listed, "sessionId": session_id, "ttl": until}))
        try:
            self._redis.call("SET", _key(session_id), "1", "EX", _seconds_left(until))
        except Unavailable:
            # The copy lacks it until it is made anew; this process knows it meanwhile.
            log.warning("revocation.not_in_redis")
            self._not_copied.add(session_id)

    def is_revoked(self, session_id: str) -> bool:
        """Tell whether a sign-in has ended.

        Raises:
            Unavailable: neither Redis nor the table answers.
        """
        if session_id in self._not_copied:
            return True
        if self._cooldown.is_resting:
            return self._is_in_table(session_id)
        try:
            said = self._redis.call("EVALSHA", _ASK.digest, 2, _key(session_id), _WHOLE)
        except NoScriptError:
            said = 0
        except Unavailable:
            self._cooldown.failed()
            return self._is_in_table(session_id)
        if said:
            return bool(said >= _ENDED)
        has_ended = self._is_in_table(session_id)
        self._copy()
        return has_ended

    def _is_in_table(self, session_id: str) -> bool:
        return self._table.get(keys.revoked(session_id), METADATA) is not None

    def _copy(self) -> None:
        """Copy the ended sign-ins to Redis, then say that they are whole; many at once do the same work, harmlessly."""
        now = int(time.time())
        living = self._table.query(keys.REVOCATIONS, index="GSI1", sort=Key("GSI1SK").gt(f"{now:012d}")).items
        ended = [_WHOLE, *(_key(item["sessionId"]) for item in living)]
        seconds = [WHOLE_SECONDS, *(_seconds_left(item["ttl"]) for item in living)]
        try:
            self._redis.run(_COPY, ended, seconds)
            self._redis.call("SCRIPT", "LOAD", _ASK.text)
        except Unavailable:
            self._cooldown.failed()
        else:
            self._not_copied.difference_update(item["sessionId"] for item in living)


def _seconds_left(until: int) -> int:
    return max(1, until - int(time.time()))


def _key(session_id: str) -> str:
    return f"{{revoked}}:{session_id}"
