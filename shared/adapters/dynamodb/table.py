"""The table as plain dictionaries: conditions, retries and pages are handled here once."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase, Key
from botocore.exceptions import ClientError

from shared.adapters.aws.errors import (
    CONDITION_FAILED,
    TRANSACTION_CANCELED,
    TRANSIENT_CODES,
    cancellation_reasons,
    error_code,
    translated,
)
from shared.adapters.dynamodb.expressions import Expression
from shared.adapters.dynamodb.items import can_exist, decode, encode
from shared.adapters.dynamodb.patience import parts, pauses, primary_key, until_done
from shared.adapters.dynamodb.reads import Reads
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page, Position

Item = dict[str, Any]
BATCH_WRITE_LIMIT = 25
NEW = Attr("PK").not_exists()
PRESENT = Attr("PK").exists()


class ConditionFailed(Exception):
    """The item was not in the state that the write asked for; `item` is what was there, None in a transaction."""

    def __init__(self, item: Item | None = None) -> None:
        """Keep the item as it stood."""
        super().__init__("the condition failed")
        self.item = item


@dataclass(frozen=True)
class Update:
    """A change to one item: attributes to set, numbers to add to, set members to add or delete, attributes to drop."""

    pk: str
    sk: str
    put: Mapping[str, Any] = field(default_factory=dict)
    add: Mapping[str, Any] = field(default_factory=dict)
    delete: Mapping[str, Any] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    put_if_absent: Mapping[str, Any] = field(default_factory=dict)
    condition: ConditionBase | None = None


@dataclass(frozen=True)
class Put:
    """A whole item to write, where the condition holds."""

    item: Item
    condition: ConditionBase | None = None


@dataclass(frozen=True)
class Delete:
    """An item to remove, where the condition holds."""

    pk: str
    sk: str
    condition: ConditionBase | None = None


@dataclass(frozen=True)
class Check:
    """An item that a transaction leaves as it is, where the condition holds."""

    pk: str
    sk: str
    condition: ConditionBase


Write = Put | Update | Delete | Check


class Table:
    """One DynamoDB table with a partition key PK and a sort key SK.

    Every method raises Unavailable where DynamoDB does not answer in time; calling again is then safe for
    reads, and for writes as safe as the write itself is to repeat.
    """

    def __init__(self, client: Any, name: str) -> None:
        """Use a boto3 DynamoDB client, which is thread-safe."""
        self._client = client
        self.name = name
        self._reads = Reads(client, name)

    def get(self, pk: str, sk: str, *, consistent: bool = True) -> Item | None:
        """Return one item as it stands after every write acknowledged so far, or None."""
        if not can_exist(pk, sk):
            return None
        return self._reads.get((pk, sk)) if consistent else self._reads.glance((pk, sk))

    def every(self) -> Iterator[Item]:
        """Return all items, page by page: a scan, for migrations and for proving that nothing of somebody is left."""
        with translated():
            for page in self._client.get_paginator("scan").paginate(TableName=self.name, ConsistentRead=True):
                yield from (decode(item) for item in page["Items"])

    def write(self, write: Write, *, want: str = "NONE") -> Item:
        """Do one write and return the item that `want` names (NONE, ALL_OLD, ALL_NEW), else an empty one.

        Raises:
            ConditionFailed: the condition did not hold; nothing is changed.
        """
        verb, arguments = self._request(write)
        if write.condition is not None:
            arguments["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        call = getattr(self._client, f"{verb.lower()}_item")
        for pause in pauses():
            with translated():
                try:
                    return decode(call(ReturnValues=want, **arguments).get("Attributes", {}))
                except ClientError as problem:
                    if _was_done_before(write, problem):
                        found: Any = problem.response.get("Item", {})
                        return decode(found) if want == "ALL_NEW" else {}
                    _refuse_unless_conflict(problem)
            time.sleep(pause)
        raise Unavailable("The table is busy.", "잠시 후 다시 시도해 주세요.")

    def transact(self, writes: list[Write], *, token: str | None = None) -> None:
        """Do all the writes or none; a conflict with another transaction is tried again with jitter.

        Raises:
            ConditionFailed: one of the conditions did not hold; nothing is changed.
        """
        entries = [{verb: arguments} for verb, arguments in map(self._request, writes)]
        extra = {"ClientRequestToken": token} if token else {}
        for pause in pauses():
            with translated():
                try:
                    self._client.transact_write_items(TransactItems=entries, **extra)
                except ClientError as problem:
                    _refuse_unless_conflict(problem)
                else:
                    return
            time.sleep(pause)
        raise Unavailable("The table is busy.", "잠시 후 다시 시도해 주세요.")

    def query(
        self,
        pk: str,
        *,
        index: str | None = None,
        sort: ConditionBase | None = None,
        limit: int | None = None,
        newest_first: bool = False,
        start: Position | None = None,
        filtered: ConditionBase | None = None,
        consistent: bool = False,
    ) -> Page[Item]:
        """Return up to `limit` items of a partition, and where to go on; without a limit, all of them."""
        if not can_exist(pk):
            return Page([])
        arguments = self._query_arguments(pk, index, sort, filtered)
        arguments |= {"ScanIndexForward": not newest_first, "ConsistentRead": consistent and index is None}
        items: list[Item] = []
        while True:
            if limit is not None:
                arguments["Limit"] = limit + 1 - len(items)
            if start is not None:
                arguments["ExclusiveStartKey"] = {name: {"S": value} for name, value in start.items()}
            with translated():
                answer = self._client.query(**arguments)
            items += [decode(item) for item in answer["Items"]]
            last = answer.get("LastEvaluatedKey")
            if limit is not None and len(items) > limit:
                return Page(items[:limit], _position(items[limit - 1], index))
            if last is None:
                return Page(items)
            start = {name: value["S"] for name, value in last.items()}

    def batch_get(self, keys: list[tuple[str, str]]) -> list[Item]:
        """Return those of the items that exist, in no order; what was throttled is asked for again."""
        return self._reads.batch([key for key in keys if can_exist(*key)])

    def batch_write(self, writes: Iterable[Put | Delete]) -> None:
        """Write all, 25 a call, in no order and without conditions; of two for one key the later counts.

        What was throttled is tried again with backoff.

        Raises:
            Unavailable: some could not be written; those that were may be written again.
        """
        # DynamoDB refuses a call that names a key twice.
        requests = {_key_of(write): _batch_entry(write) for write in writes}

        def ask(request: dict[str, Any]) -> Any:
            return self._client.batch_write_item(RequestItems=request).get("UnprocessedItems")

        for part in parts(list(requests.values()), BATCH_WRITE_LIMIT):
            until_done(ask, {self.name: part})

    def _request(self, write: Write) -> tuple[str, dict[str, Any]]:
        expression = Expression()
        condition = (
            {"ConditionExpression": expression.condition(write.condition)} if write.condition is not None else {}
        )
        base = {"TableName": self.name, **condition}
        match write:
            case Put():
                return "Put", base | {"Item": encode(write.item)} | expression.arguments()
            case Delete() | Check():
                verb = "Delete" if isinstance(write, Delete) else "ConditionCheck"
                return verb, base | {"Key": primary_key(write.pk, write.sk)} | expression.arguments()
            case Update():
                clauses = expression.change(
                    put=write.put,
                    put_if_absent=write.put_if_absent,
                    add=write.add,
                    delete=write.delete,
                    remove=write.remove,
                )
                key = {"Key": primary_key(write.pk, write.sk), "UpdateExpression": clauses}
                return "Update", base | key | expression.arguments()

    def _query_arguments(
        self, pk: str, index: str | None, sort: ConditionBase | None, filtered: ConditionBase | None
    ) -> dict[str, Any]:
        expression = Expression()
        condition = Key(f"{index}PK" if index else "PK").eq(pk)
        arguments: dict[str, Any] = {"TableName": self.name, **({"IndexName": index} if index else {})}
        arguments["KeyConditionExpression"] = expression.condition(
            condition if sort is None else condition & sort, key=True
        )
        if filtered is not None:
            arguments["FilterExpression"] = expression.condition(filtered)
        return arguments | expression.arguments()


def _was_done_before(write: Write, problem: ClientError) -> bool:
    """Tell whether botocore's repetition of a write, whose first answer was lost, met what the first had done.

    A transaction needs no such look: botocore gives all its repetitions one token.
    """
    if error_code(problem) != "ConditionalCheckFailedException":
        return False
    if not problem.response["ResponseMetadata"].get("RetryAttempts"):
        return False
    item: Any = problem.response.get("Item")
    found = decode(item) if item else None
    if isinstance(write, Put):
        return found == decode(encode(write.item))
    if isinstance(write, Update):
        wanted = decode(encode(write.put))
        return found is not None and bool(wanted) and wanted.items() <= found.items()
    return isinstance(write, Delete) and found is None


def _refuse_unless_conflict(problem: ClientError) -> None:
    """Return where another write was just under way on the same item, so that trying again helps."""
    code, reasons = error_code(problem), cancellation_reasons(problem)
    if code == "ConditionalCheckFailedException":
        item = problem.response.get("Item")
        raise ConditionFailed(decode(item) if item else None) from problem  # type: ignore[arg-type]
    if code == TRANSACTION_CANCELED and CONDITION_FAILED in reasons:
        raise ConditionFailed from problem
    is_conflict = code == "TransactionConflictException" or "TransactionConflict" in reasons
    if not is_conflict or not set(reasons) - {"None"} <= TRANSIENT_CODES:
        raise problem


def _key_of(write: Put | Delete) -> tuple[str, str]:
    return (write.item["PK"], write.item["SK"]) if isinstance(write, Put) else (write.pk, write.sk)


def _batch_entry(write: Put | Delete) -> dict[str, Any]:
    if isinstance(write, Put):
        return {"PutRequest": {"Item": encode(write.item)}}
    return {"DeleteRequest": {"Key": primary_key(write.pk, write.sk)}}


def _position(item: Item, index: str | None) -> Position:
    names = ("PK", "SK", *((f"{index}PK", f"{index}SK") if index else ()))
    return {name: item[name] for name in names}
