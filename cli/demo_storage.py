"""What of a conversation lies in DynamoDB, read with boto3 beside the platform."""

import time
from typing import Any, NamedTuple

from cli.demo_platform import RunningPlatform
from shared.adapters.aws.clients import AwsClients
from shared.adapters.dynamodb.keys import rooms as keys

STORED_SECONDS = 5.0
_POLL_SECONDS = 0.02


class Stored(NamedTuple):
    """The messages found, oldest first, and how long it took until all were there."""

    messages: list[tuple[str, int, str]]
    """messageId, seq, createdAt."""
    seconds: float


class Storage:
    """Reads a room's messages from the table; consistent reads, so that what is stored is seen."""

    def __init__(self, platform: RunningPlatform) -> None:
        """Use the platform's endpoint and table."""
        self._client = AwsClients(platform.settings).dynamodb
        self._table = platform.table

    def wait_for(self, room_id: str, count: int, *, since: float, poll_seconds: float = _POLL_SECONDS) -> Stored:
        """Read until so many messages are there, at most 5 s after `since` (of `time.perf_counter`)."""
        while True:
            found = self.read(room_id)
            seconds = time.perf_counter() - since
            if len(found) >= count or seconds > STORED_SECONDS:
                return Stored(found, seconds)
            time.sleep(poll_seconds)

    def read(self, room_id: str) -> list[tuple[str, int, str]]:
        """Return the room's messages in the order of their keys."""
        return [(one["messageId"], int(one["seq"]), one["createdAt"]) for one in self.items(room_id)]

    def items(self, room_id: str) -> list[dict[str, str]]:
        """Return the fields of the room's messages in the order of their keys, numbers as text."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="PK = :room AND begins_with(SK, :messages)",
            ExpressionAttributeValues={":room": {"S": keys.room(room_id)}, ":messages": {"S": "MSG#"}},
            ConsistentRead=True,
        )
        return [_texts(item) for page in pages for item in page["Items"]]


def _texts(item: dict[str, Any]) -> dict[str, str]:
    return {name: value for name, one in item.items() for kind, value in one.items() if kind in ("S", "N")}
