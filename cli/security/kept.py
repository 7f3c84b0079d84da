"""Everything that a laptop keeps: each item, object, key of Redis, message of a queue and log, as bytes to search."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import boto3
import orjson
import redis
from boto3.dynamodb.types import TypeDeserializer

from cli.security.people import Target

IN_PLACE_OF_MAILS = ('"event": "mail"', '"event":"mail"', '"verification_code"')
"""Lines that a laptop writes where production sends an e-mail to its owner."""

Kept = tuple[str, bytes]
"""Where something is kept, and the name and content of it."""


class Keeping:
    """Reads all that there is, whatever it is: a new kind is searched as soon as it is stored."""

    def __init__(self, target: Target, directory: Path) -> None:
        """Call nothing yet."""
        self._state, self._directory = target.state, directory
        self._redis = redis.Redis.from_url(self._state["addresses"]["redis"])

    def everything(self) -> Iterator[Kept]:
        """Give all of it once. What is larger than the memory of a laptop does not lie on one."""
        yield from self.items()
        yield from self.objects()
        yield from self.moments()
        yield from self.messages()
        yield from self.people()
        yield from self.lines()

    def has_account(self, user_id: str) -> bool:
        """Tell whether the table has somebody's account: it goes last of all."""
        key = {"PK": {"S": f"USER#{user_id}"}, "SK": {"S": "PROFILE"}}
        return "Item" in self._client("dynamodb").get_item(TableName=self._state["aws"]["table"], Key=key)

    def items(self) -> Iterator[Kept]:
        """Give each item of the table with all its attributes, those of its indexes too."""
        read = TypeDeserializer()
        pages = self._client("dynamodb").get_paginator("scan").paginate(TableName=self._state["aws"]["table"])
        for page in pages:
            for item in page["Items"]:
                plain = {name: read.deserialize(value) for name, value in item.items()}
                yield f"table {plain['PK'].partition('#')[0]}", orjson.dumps(plain, default=_plain)

    def objects(self) -> Iterator[Kept]:
        """Give each object of the bucket, its name and what it says of itself first."""
        s3, bucket = self._client("s3"), self._state["aws"]["bucket"]
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for one in page.get("Contents", ()):
                found = s3.get_object(Bucket=bucket, Key=one["Key"])
                told = orjson.dumps([one["Key"], found.get("Metadata", {})])
                yield f"bucket {one['Key'].partition('/')[0]}", told + found["Body"].read()

    def moments(self) -> Iterator[Kept]:
        """Give each key of Redis with its value, of whatever type; one that ends meanwhile is gone."""
        for key in self._redis.scan_iter(count=1000):
            name = key.decode(errors="replace")
            yield f"redis {name.partition(':')[0]}", key + b"\n" + self._value(key)

    def messages(self) -> Iterator[Kept]:
        """Give what waits on each queue, dead-letter queues too, and leave it there."""
        sqs = self._client("sqs")
        for page in sqs.get_paginator("list_queues").paginate():
            for url in page.get("QueueUrls", ()):
                told = sqs.receive_message(
                    QueueUrl=url,
                    MaxNumberOfMessages=10,
                    VisibilityTimeout=0,
                    WaitTimeSeconds=0,
                    MessageAttributeNames=["All"],
                )
                for one in told.get("Messages", ()):
                    yield f"queue {url.rpartition('/')[2]}", orjson.dumps(one, default=_plain)

    def people(self) -> Iterator[Kept]:
        """Give each person of the user pool."""
        pool = self._state["aws"]["userPoolId"]
        for page in self._client("cognito-idp").get_paginator("list_users").paginate(UserPoolId=pool):
            for one in page["Users"]:
                yield "user pool", orjson.dumps(one, default=_plain)

    def lines(self) -> Iterator[Kept]:
        """Give each line of every log, but for those that stand for e-mails to their owner."""
        for path in sorted(self._directory.glob("*.log*")):
            for line in path.read_text("utf-8", errors="replace").splitlines():
                if not any(mark in line for mark in IN_PLACE_OF_MAILS):
                    yield f"log {path.name}", line.encode()

    def _value(self, key: bytes) -> bytes:
        kind = self._redis.type(key)
        read: dict[bytes, tuple[Any, ...]] = {
            b"string": ("GET", key),
            b"hash": ("HGETALL", key),
            b"list": ("LRANGE", key, 0, -1),
            b"set": ("SMEMBERS", key),
            b"zset": ("ZRANGE", key, 0, -1),
            b"stream": ("XRANGE", key, "-", "+"),
        }
        if kind == b"none":
            return b""
        ask: Any = self._redis.execute_command
        return b"\n".join(_flat(ask(*read[cast(bytes, kind)])))

    def _client(self, service: str) -> Any:
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self._state["addresses"]["aws"],
            region_name=self._state["aws"]["region"],
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


def _flat(value: Any) -> Iterator[bytes]:
    """Give every text inside what Redis answers, however deep."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _flat(list(pair))
    elif isinstance(value, list | tuple | set):
        for one in value:
            yield from _flat(one)


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, set | frozenset) else str(value)
