"""Ended sign-ins stay ended, whatever happens to Redis."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import redis

from embedded.running import EmbeddedProcess
from shared.adapters.dynamodb.table import Table
from shared.adapters.redis_grouped import GroupedRedis, connect
from shared.adapters.revocations import TableRevocations

IN_A_DAY = int(time.time()) + 24 * 3600
NOWHERE = "redis://127.0.0.1:1/0"


class Counting:
    """A table that counts its reads."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.reads = 0

    def get(self, *arguments: Any, **options: Any) -> Any:
        self.reads += 1
        return self._table.get(*arguments, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)


@pytest.fixture
def counting(adapter_table: Table) -> Any:
    return Counting(adapter_table)


@pytest.fixture
def revocations(counting: Any, adapter_grouped: GroupedRedis) -> TableRevocations:
    return TableRevocations(counting, adapter_grouped)


def test_an_ended_sign_in_is_known_and_others_live(revocations: TableRevocations) -> None:
    assert not revocations.is_revoked("mine")
    revocations.revoke("mine", until=IN_A_DAY)
    revocations.revoke("mine", until=IN_A_DAY)
    assert revocations.is_revoked("mine")
    assert not revocations.is_revoked("other")


def test_most_checks_do_not_ask_the_table(revocations: TableRevocations, counting: Any) -> None:
    revocations.revoke("mine", until=IN_A_DAY)
    for session_id in ("first", "second", "third", "mine"):
        revocations.is_revoked(session_id)
    assert counting.reads == 1


def test_another_process_knows_at_once(
    revocations: TableRevocations, counting: Any, adapter_grouped: GroupedRedis
) -> None:
    other = TableRevocations(counting, adapter_grouped)
    assert not other.is_revoked("mine")
    revocations.revoke("mine", until=IN_A_DAY)
    assert other.is_revoked("mine")


def test_a_redis_that_lost_everything_brings_nobody_back(
    revocations: TableRevocations, adapter_redis: redis.Redis, counting: Any
) -> None:
    revocations.revoke("mine", until=IN_A_DAY)
    revocations.is_revoked("other")
    adapter_redis.flushall()
    assert revocations.is_revoked("mine")
    counting.reads = 0
    assert revocations.is_revoked("mine")
    assert counting.reads == 0


def test_a_redis_that_restarts_without_its_last_second_is_not_believed(
    revocations: TableRevocations, adapter_redis: redis.Redis
) -> None:
    revocations.is_revoked("other")  # the copy is whole
    revocations.revoke("mine", until=IN_A_DAY)
    adapter_redis.delete("{revoked}:mine")  # as if the server had died before it reached its disk,
    adapter_redis.script_flush()  # and scripts, which live in memory only, were gone with the process
    assert revocations.is_revoked("mine")
    assert revocations.is_revoked("mine")


def test_what_redis_did_not_take_is_known_all_the_same(counting: Any, adapter_grouped: GroupedRedis) -> None:
    away = TableRevocations(counting, GroupedRedis(connect(NOWHERE)))
    away.revoke("mine", until=IN_A_DAY)
    assert away.is_revoked("mine")
    assert not away.is_revoked("other")
    assert TableRevocations(counting, adapter_grouped).is_revoked("mine")


def test_an_outage_is_not_waited_for_by_each_request(counting: Any) -> None:
    away = TableRevocations(counting, GroupedRedis(connect(NOWHERE)))
    away.is_revoked("mine")
    began = time.monotonic()
    for _ in range(20):
        away.is_revoked("mine")
    assert counting.reads == 21
    assert time.monotonic() - began < 1.5


def test_what_its_process_could_not_write_is_copied_when_redis_is_back(
    counting: Any, adapter_own_valkey: EmbeddedProcess, adapter_connect: Callable[[EmbeddedProcess], redis.Redis]
) -> None:
    revocations = TableRevocations(counting, GroupedRedis(adapter_connect(adapter_own_valkey)))
    revocations.is_revoked("other")
    adapter_own_valkey.kill()
    revocations.revoke("mine", until=IN_A_DAY)
    adapter_own_valkey.start()
    other = TableRevocations(counting, GroupedRedis(adapter_connect(adapter_own_valkey)))
    assert other.is_revoked("mine")
    assert revocations.is_revoked("mine")


def test_those_whose_tokens_have_ended_are_not_copied(
    revocations: TableRevocations, adapter_redis: redis.Redis
) -> None:
    revocations.revoke("old", until=int(time.time()) - 5)
    revocations.revoke("new", until=IN_A_DAY)
    adapter_redis.flushall()
    revocations.is_revoked("other")
    assert adapter_redis.exists("{revoked}:new")
    assert not adapter_redis.exists("{revoked}:old")
