"""What S3 does by itself: objects that are older than their bucket's lifecycle lets them be are removed.

ministack keeps the rules, and does nothing by them. S3 itself waits until the next midnight besides; this does not.
"""

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from embedded.aws.s3_client import s3_client

FIRST_SECONDS = 20.0
"""After the start, whose rush is over then: a laptop may never run for as long as the next one takes."""
EVERY_SECONDS = 3600.0
_WITHOUT_RULES = "NoSuchLifecycleConfiguration"

_log = logging.getLogger(__name__)


class Rule(NamedTuple):
    """How long objects live whose keys begin so."""

    prefix: str
    days: int


async def expire_for_ever(port: int, *, first: float = FIRST_SECONDS, every: float = EVERY_SECONDS) -> None:
    """Remove what is too old again and again; a bucket that cannot be read or written costs itself alone."""
    client, loop, pause = s3_client(port), asyncio.get_running_loop(), first
    with ThreadPoolExecutor(1, thread_name_prefix="s3-expiry") as thread:
        while True:
            await asyncio.sleep(pause)
            await loop.run_in_executor(thread, expire, client, datetime.now(UTC))
            pause = every


def expire(client: Any, now: datetime) -> int:
    """Remove every object that is too old at an instant, of all buckets, and return how many there were."""
    removed = 0
    try:
        names = [one["Name"] for one in client.list_buckets()["Buckets"]]
    except (BotoCoreError, ClientError) as problem:
        _log.warning("No bucket could be asked for what is too old: %s", problem)
        return removed
    for name in names:
        try:
            removed += sum(_expired(client, name, rule, now) for rule in _rules(client, name))
        except (BotoCoreError, ClientError) as problem:
            _log.warning("What is too old stays in %s until the next time: %s", name, problem)
    return removed


def _rules(client: Any, bucket: str) -> Iterator[Rule]:
    """Give the rules that end objects after some days; the others are about what nobody here uploads."""
    try:
        told = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    except ClientError as problem:
        if problem.response["Error"]["Code"] == _WITHOUT_RULES:
            return
        raise
    for rule in told:
        days = rule.get("Expiration", {}).get("Days")
        if rule["Status"] == "Enabled" and days is not None:
            yield Rule(rule.get("Filter", {}).get("Prefix", ""), days)


def _expired(client: Any, bucket: str, rule: Rule, now: datetime) -> int:
    before, removed = now - timedelta(days=rule.days), 0
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=rule.prefix):
        old = [{"Key": one["Key"]} for one in page.get("Contents", ()) if one["LastModified"] <= before]
        if old:
            client.delete_objects(Bucket=bucket, Delete={"Objects": old, "Quiet": True})
            removed += len(old)
    return removed
