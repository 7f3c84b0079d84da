"""Redis commands of many callers in few round trips."""

import hashlib
import threading
import time
from collections import deque
from importlib.resources import files
from typing import Any

import redis
from gevent.monkey import is_module_patched
from redis.backoff import ExponentialBackoff
from redis.exceptions import ClusterDownError, NoScriptError, OutOfMemoryError, RedisError, TryAgainError
from redis.retry import Retry

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


class _Request:
    """What one caller asks, and how it is woken: with its replies, or to make the next round trip."""

    __slots__ = ("commands", "leads", "packed", "replies", "woken")

    def __init__(self, commands: list[tuple[Any, ...]]) -> None:
        self.commands = commands
        # In the caller's own thread: one bad argument must not fail the group that it would travel in.
        self.packed = b"".join(map(pack, commands))
        self.replies: list[Any] | None = None
        self.leads = False
        self.woken: threading.Lock | None = None


class GroupedRedis:
    """Sends what several greenlets or threads ask in one go: while one group is on its way the next gathers.

    PUBLISH costs Redis 19 microseconds of CPU alone and 1.5 in groups of 50. Each caller waits for its own reply.
    One caller leads: it makes the round trip for all who wait, and then wakes the oldest of those who came meanwhile.
    """

    def __init__(self, client: redis.Redis) -> None:
        """Use a client of redis-py, by a connection of our own where it reaches a server."""
        self.client = client
        self._carrier = carrier_of(client)
        self._lock = threading.Lock()
        self._waiting: deque[_Request] = deque()
        self._has_leader = False
        # Whoever is ready joins the group: a near server answers before a greenlet would ever give way. Threads give
        # way by themselves, and would pay 80 microseconds for it.
        self._gives_way = is_module_patched("time")

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
        request = _Request(commands)
        self._enqueue(request)
        if request.woken is not None:
            self._await(request, request.woken)
        if request.replies is None:
            self._lead(request)
        replies = request.replies or []
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

    def _enqueue(self, request: _Request) -> None:
        with self._lock:
            self._waiting.append(request)
            if self._has_leader:
                request.woken = threading.Lock()
                request.woken.acquire()
            else:
                self._has_leader = request.leads = True

    def _await(self, request: _Request, woken: threading.Lock) -> None:
        try:
            woken.acquire()
        except BaseException:
            # This greenlet is being killed: nobody may choose it to lead, and if it leads already another must.
            with self._lock:
                if request in self._waiting:
                    self._waiting.remove(request)
                if request.leads:
                    self._choose_leader()
            raise

    def _lead(self, request: _Request) -> None:
        """Make one round trip for those who wait, this caller first among them, and let the next one lead."""
        group: list[_Request] = []
        try:
            if self._gives_way:
                time.sleep(0)
            group = self._next_group()
            self._exchange(group)
        finally:
            # Also where this thread is being ended: the others must not wait for ever.
            for request in group:
                if request.replies is None:
                    request.replies = [unavailable(None)]
                if request.woken is not None:
                    request.woken.release()
            with self._lock:
                if not group:
                    self._waiting.remove(request)
                self._choose_leader()

    def _next_group(self) -> list[_Request]:
        group: list[_Request] = []
        size = 0
        with self._lock:
            while self._waiting and size < _GROUP:
                group.append(self._waiting.popleft())
                size += len(group[-1].commands)
        return group

    def _choose_leader(self) -> None:
        self._has_leader = bool(self._waiting)
        if self._waiting:
            self._waiting[0].leads = True
            if self._waiting[0].woken is not None:
                self._waiting[0].woken.release()

    def _exchange(self, group: list[_Request]) -> None:
        try:
            packed = b"".join([request.packed for request in group])
            replies = iter(self._carrier.exchange(packed, [one for request in group for one in request.commands]))
        except (RedisError, OSError) as problem:
            for request in group:
                request.replies = [unavailable(problem)]
            return
        for request in group:
            request.replies = [settled(next(replies)) for _ in request.commands]


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
