"""Redis commands of many callers in few round trips."""

import hashlib
from importlib.resources import files
from typing import Any, NamedTuple

import redis
from gevent.monkey import is_module_patched
from redis.backoff import ExponentialBackoff
from redis.exceptions import ClusterDownError, NoScriptError, OutOfMemoryError, RedisError, TryAgainError
from redis.retry import Retry

from shared.adapters.grouping import Grouping
from shared.adapters.redis_link import carrier_of, pack
from shared.kernel.errors import Unavailable

CONNECT_SECONDS = 0.5
ANSWER_SECONDS = 1.0
_GROUP = 500
_OUTAGES = (
    redis.ConnectionError,
    redis.TimeoutError,
    redis.ReadOnlyError,
    ClusterDownError,
    OutOfMemoryError,
    TryAgainError,
)
_OUTAGE_WORDS = ("BUSY ", "MISCONF ", "NOREPLICAS ")


def connect(url: str, **options: Any) -> redis.Redis:
    """Return a client with deadlines that a person at a screen can bear; connects on first use.

    A broken connection is tried again, since a restarted server leaves broken ones behind; a time-out is not, since
    everybody else waits behind it. Protocol 2, whose pub/sub messages are ordinary replies.
    """
    defaults: dict[str, Any] = {
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": ANSWER_SECONDS,
        "health_check_interval": 0,
        "protocol": 2,
        "retry": Retry(ExponentialBackoff(cap=0.2, base=0.05), 2, (redis.ConnectionError,)),
    }
    return redis.Redis.from_url(url, **defaults | options)


class Script:
    """A Lua script of the package `shared.adapters.lua`, by its digest."""

    def __init__(self, name: str) -> None:
        """Read the script's text."""
        self.text = files("shared.adapters.lua").joinpath(f"{name}.lua").read_text("utf-8")
        self.digest = hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()


class _Asked(NamedTuple):
    commands: list[tuple[Any, ...]]
    packed: bytes


class GroupedRedis:
    """Sends what several greenlets or threads ask in one go: while one group is on its way the next gathers.

    PUBLISH costs Redis 19 microseconds of CPU alone and 1.5 in groups of 50. Each caller waits for its own reply.
    """

    def __init__(self, client: redis.Redis) -> None:
        """Use a client of redis-py, by a connection of our own where it reaches a server."""
        self.client = client
        self._carrier = carrier_of(client)
        # Ready greenlets join the group: a near server answers before a greenlet would ever give way. Threads give
        # way by themselves, and would pay 80 microseconds for it.
        self._grouping: Grouping[_Asked, list[Any]] = Grouping(
            self._exchange, most=_GROUP, size_of=lambda asked: len(asked.commands), gives_way=is_module_patched("time")
        )

    def call(self, *command: Any) -> Any:
        """Send one command and return its reply.

        Raises:
            Unavailable: Redis did not answer in time; whether the command was carried out is unknown.
            redis.ResponseError: Redis refused the command.
        """
        return self.calls([command])[0]

    def calls(self, commands: list[tuple[Any, ...]]) -> list[Any]:
        """Send several commands in one group and return their replies in order."""
        if not commands:
            return []
        # Packed in the caller's own thread: one bad argument must not fail the group that it would travel in.
        replies = self._grouping.ask(_Asked(commands, b"".join(map(pack, commands))))
        for reply in replies:
            if isinstance(reply, Exception):
                raise reply
        return replies

    def run(self, script: Script, keys: list[str], arguments: list[Any]) -> Any:
        """Run a script, loading it where Redis does not know it (any more)."""
        command = (len(keys), *keys, *arguments)
        try:
            return self.call("EVALSHA", script.digest, *command)
        except NoScriptError:
            return self.call("EVAL", script.text, *command)

    def _exchange(self, group: list[_Asked]) -> list[list[Any] | Exception]:
        try:
            packed = b"".join([asked.packed for asked in group])
            replies = iter(self._carrier.exchange(packed, [one for asked in group for one in asked.commands]))
        except (RedisError, OSError) as problem:
            return [unavailable(problem) for _ in group]
        return [[settled(next(replies)) for _ in asked.commands] for asked in group]


def settled(reply: Any) -> Any:
    """Return a reply; Unavailable in place of an answer that tells of an outage."""
    return unavailable(reply) if _is_outage(reply) else reply


def _is_outage(reply: Any) -> bool:
    if not isinstance(reply, Exception):
        return False
    is_refusal = isinstance(reply, redis.ResponseError) and not isinstance(reply, _OUTAGES)
    return not is_refusal or str(reply).startswith(_OUTAGE_WORDS)


def unavailable(problem: Exception | None) -> Unavailable:
    """Return the error that callers get where Redis does not answer."""
    error = Unavailable(
        "The room service does not answer.", "서버가 응답하지 않습니다. 잠시 후 다시 시도해 주세요.", retry_after=1
    )
    error.__cause__ = problem
    return error
