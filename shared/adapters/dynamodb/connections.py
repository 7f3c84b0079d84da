"""The record of open WebSockets in the table.

Beside each record lies a row under its gateway, so that a dead gateway's connections are found without a scan, and
a removal leaves a tombstone for an hour: whichever of record and removal comes first, the removal wins. The order of
the writes makes it so: a record is written before tombstones are looked for, a tombstone before records are removed.
"""

import time

from boto3.dynamodb.conditions import Attr

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import accounts as account_keys
from shared.adapters.dynamodb.keys import connections as keys
from shared.adapters.dynamodb.keys import rooms as room_keys
from shared.adapters.dynamodb.table import ConditionFailed, Delete, Item, Put, Table
from shared.domains.connections.contract import ClosedConnection
from shared.domains.connections.models import ConnectionRecord, GatewayRecord

TOMBSTONE = "CLOSED"
TOMBSTONE_SECONDS = 3_600
GATEWAY_SECONDS = 86_400


class DynamoConnections:
    """The port ConnectionStore."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def record(self, connections: list[ConnectionRecord]) -> None:
        """Write records, but none of a connection that was removed before."""
        self._table.batch_write(Put(item) for one in connections for item in (_item(one), _row(one)))
        closed = self._table.batch_get([(keys.connection(one.connection_id), TOMBSTONE) for one in connections])
        gone = {item["connectionId"] for item in closed}
        self.discard([_closed(one) for one in connections if one.connection_id in gone])

    def remove(self, connections: list[ClosedConnection]) -> None:
        """Remove records, also ones that are still to come."""
        ttl = int(time.time()) + TOMBSTONE_SECONDS
        self._table.batch_write(
            Put(
                {
                    "PK": keys.connection(one.connection_id),
                    "SK": TOMBSTONE,
                    "connectionId": one.connection_id,
                    "ttl": ttl,
                }
            )
            for one in connections
        )
        self.discard(connections)

    def discard(self, connections: list[ClosedConnection]) -> None:
        """Remove records without a tombstone."""
        self._table.batch_write(
            Delete(pk, sk)
            for one in connections
            for pk, sk in (
                (keys.connection(one.connection_id), METADATA),
                (keys.gateway(one.gateway_id), keys.connection(one.connection_id)),
            )
        )

    def alive(self, gateway: GatewayRecord) -> None:
        """Note a gateway's life sign; an older one changes nothing."""
        item = gateway.model_dump(by_alias=True) | {
            "PK": keys.gateway(gateway.gateway_id),
            "SK": METADATA,
            "GSI1PK": keys.GATEWAYS,
            "GSI1SK": gateway.heard_at,
            "ttl": int(time.time()) + GATEWAY_SECONDS,
        }
        try:
            self._table.write(Put(item, Attr("heardAt").not_exists() | Attr("heardAt").lt(gateway.heard_at)))
        except ConditionFailed:
            return

    def gateways(self) -> list[GatewayRecord]:
        """Return the gateways noted, the longest silent first."""
        page = self._table.query(keys.GATEWAYS, index="GSI1")
        return [GatewayRecord.model_validate(item, extra="ignore") for item in page.items]

    def of_gateway(self, gateway_id: str) -> list[ConnectionRecord]:
        """Return the connections noted for a gateway."""
        page = self._table.query(keys.gateway(gateway_id), consistent=True)
        return [_record(item) for item in page.items if item["SK"] != METADATA]

    def forget_gateway(self, gateway_id: str) -> None:
        """Remove a gateway that holds no connection any more."""
        self._table.write(Delete(keys.gateway(gateway_id), METADATA))

    def of_user(self, user_id: str) -> list[ConnectionRecord]:
        """Return a user's open connections, the latest connected first."""
        page = self._table.query(account_keys.user(user_id), index="GSI2")
        now = int(time.time())
        open_now = [_record(item) for item in page.items if item["ttl"] > now]
        return sorted(open_now, key=lambda one: one.connected_at, reverse=True)


def _item(one: ConnectionRecord) -> Item:
    connection = keys.connection(one.connection_id)
    place = {"PK": connection, "SK": METADATA, "GSI2PK": account_keys.user(one.user_id), "GSI2SK": connection}
    room = {"GSI1PK": room_keys.room(one.room_id), "GSI1SK": connection} if one.room_id else {}
    return one.model_dump(by_alias=True, exclude_none=True) | place | room


def _row(one: ConnectionRecord) -> Item:
    place = {"PK": keys.gateway(one.gateway_id), "SK": keys.connection(one.connection_id)}
    return one.model_dump(by_alias=True, exclude_none=True) | place


def _record(item: Item) -> ConnectionRecord:
    return ConnectionRecord.model_validate(item, extra="ignore")


def _closed(one: ConnectionRecord) -> ClosedConnection:
    return ClosedConnection(connection_id=one.connection_id, gateway_id=one.gateway_id)
