"""What all workers obey, kept in Redis: the paused queues and the revoked task ids."""

import time
from collections.abc import Collection

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from shared.adapters.monitoring.options import MonitoringOptions

# A member that is no queue: where it stands the set is the operators' word, where it is missing Redis lost its memory.
WRITTEN = ""
REVOKED_LIMIT = 50_000


class ClusterPolicy:
    """The policy of one environment, read by every worker at its start and written by the commands that control them.

    Every method is one round trip, can be repeated, and raises redis.RedisError when Redis is away.
    """

    def __init__(self, options: MonitoringOptions) -> None:
        self._options = options
        self._paused_key = f"{options.key_prefix}monitoring.paused"
        self._revoked_key = f"{options.key_prefix}monitoring.revoked"
        self._client: Redis | None = None

    def paused(self) -> frozenset[str] | None:
        """Answer the paused queues, or None when nothing was ever written or Redis has lost it."""
        members = frozenset(str(member) for member in self._redis().smembers(self._paused_key))
        return members - {WRITTEN} if WRITTEN in members else None

    def pause(self, queues: Collection[str]) -> None:
        """Keep all workers, also those to come, from these queues."""
        self._redis().sadd(self._paused_key, WRITTEN, *queues)

    def resume(self, queue: str) -> None:
        """Let workers read a queue again."""
        pipeline = self._redis().pipeline()
        pipeline.sadd(self._paused_key, WRITTEN)
        pipeline.srem(self._paused_key, queue)
        pipeline.execute()

    def revoke(self, task_ids: Collection[str]) -> None:
        """Remember revoked ids, the newest 50,000 of them, for as long as a message can wait."""
        if not task_ids:
            return
        now = time.time()
        pipeline = self._redis().pipeline()
        pipeline.zadd(self._revoked_key, dict.fromkeys(task_ids, now))
        pipeline.zremrangebyscore(self._revoked_key, "-inf", now - self._options.revoked_for)
        pipeline.zremrangebyrank(self._revoked_key, 0, -REVOKED_LIMIT - 1)
        pipeline.expire(self._revoked_key, int(self._options.revoked_for))
        pipeline.sadd(self._paused_key, WRITTEN)
        pipeline.execute()

    def revoked(self) -> list[str]:
        """Answer the remembered ids, the oldest first."""
        since = time.time() - self._options.revoked_for
        return [str(task_id) for task_id in self._redis().zrangebyscore(self._revoked_key, since, "+inf")]

    def _redis(self) -> Redis:
        """Build the client when it is first needed, and without retries: a worker's start waits for its answer."""
        if self._client is None:
            self._client = Redis.from_url(
                self._options.redis_address,
                decode_responses=True,
                socket_timeout=self._options.redis_timeout,
                socket_connect_timeout=self._options.redis_timeout,
                retry=Retry(NoBackoff(), 0),
            )
        return self._client
