"""The table at DynamoDB: keys and indexes by its definition, expiry by `ttl`, recovery to any point in time."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code
from shared.adapters.dynamodb.definition import TTL_ATTRIBUTE, table_definition

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MISSING = "ResourceNotFoundException"
UNSUPPORTED = frozenset({"UnknownOperationException", "InvalidAction", "NotImplemented", "ValidationException"})
WAIT = {"Delay": 2, "MaxAttempts": 150}
_INDEX_PARTS = ("IndexName", "KeySchema", "Projection")


class Table:
    """The one table; repetition changes nothing, and nothing stored is ever touched."""

    def __init__(self, dynamodb: "DynamoDBClient", name: str) -> None:
        """Keep the client and the name; nothing is called yet."""
        self._dynamodb, self._name = dynamodb, name
        self._definition = table_definition(name)

    def differences(self) -> list[str]:
        """Say what is missing or another than it must be."""
        found = self._describe()
        if found is None:
            return [f"Table {self._name} does not exist; `speaktracker provision` makes it."]
        said = self._lasting_differences(found)
        said += [self._repairable(f"index {index['IndexName']} is missing") for index in self._missing_indexes(found)]
        if not self._on_demand(found):
            said.append(self._repairable("it is not on demand"))
        if not self._expires():
            said.append(self._repairable(f"items do not expire by `{TTL_ATTRIBUTE}`"))
        if self._recovers() is False:
            said.append(self._repairable("point-in-time recovery is off"))
        return said

    def provision(self) -> str:
        """Make the table or bring it to its definition, wait until it can be used, and return its name.

        What cannot be changed in place (the keys of the table or of an index) is left, and `differences` says so.
        """
        if self._describe() is None:
            self._dynamodb.create_table(**self._definition)
        found = self._ready()
        if not self._on_demand(found):
            self._dynamodb.update_table(TableName=self._name, BillingMode="PAY_PER_REQUEST")
            found = self._ready()
        for index in self._missing_indexes(found):  # DynamoDB makes one at a time
            self._add_index(index)
        self._set_expiry()
        self._set_recovery()
        return self._name

    def _repairable(self, what: str) -> str:
        return f"Table {self._name}: {what}; `speaktracker provision` mends it."

    def _describe(self) -> Any:
        try:
            return self._dynamodb.describe_table(TableName=self._name)["Table"]
        except ClientError as error:
            if error_code(error) == MISSING:
                return None
            raise

    def _ready(self) -> Any:
        self._dynamodb.get_waiter("table_exists").wait(TableName=self._name, WaiterConfig=WAIT)  # type: ignore[arg-type]
        return self._describe()

    def _lasting_differences(self, found: Any) -> list[str]:
        wrong = [] if _keys(found) == _keys(self._definition) else ["its keys"]
        indexes = {index["IndexName"]: index for index in found.get("GlobalSecondaryIndexes", [])}
        for index in self._definition["GlobalSecondaryIndexes"]:
            there = indexes.get(index["IndexName"])
            if there and (_keys(there), there["Projection"]) != (_keys(index), index["Projection"]):
                wrong.append(f"index {index['IndexName']}")
        return [
            f"Table {self._name}: {what} cannot be changed in place; copy the items to a new table." for what in wrong
        ]

    def _missing_indexes(self, found: Any) -> list[dict[str, Any]]:
        there = {index["IndexName"] for index in found.get("GlobalSecondaryIndexes", [])}
        return [index for index in self._definition["GlobalSecondaryIndexes"] if index["IndexName"] not in there]

    def _add_index(self, index: dict[str, Any]) -> None:
        create: Any = {part: index[part] for part in _INDEX_PARTS}
        self._dynamodb.update_table(
            TableName=self._name,
            AttributeDefinitions=self._definition["AttributeDefinitions"],
            GlobalSecondaryIndexUpdates=[{"Create": create}],
        )
        self._ready()

    @staticmethod
    def _on_demand(found: Any) -> bool:
        return bool(found.get("BillingModeSummary", {}).get("BillingMode") == "PAY_PER_REQUEST")

    def _expires(self) -> bool:
        found = self._dynamodb.describe_time_to_live(TableName=self._name)["TimeToLiveDescription"]
        enabled = found.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
        return enabled and found.get("AttributeName") == TTL_ATTRIBUTE

    def _set_expiry(self) -> None:
        if not self._expires():
            self._dynamodb.update_time_to_live(
                TableName=self._name, TimeToLiveSpecification={"Enabled": True, "AttributeName": TTL_ATTRIBUTE}
            )

    def _recovers(self) -> bool | None:
        """Tell whether recovery is on; None where the endpoint does not know it."""
        try:
            answer: Any = self._dynamodb.describe_continuous_backups(TableName=self._name)
        except ClientError as error:
            if error_code(error) in UNSUPPORTED:
                return None
            raise
        recovery = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        return bool(recovery.get("PointInTimeRecoveryStatus") == "ENABLED")

    def _set_recovery(self) -> None:
        if self._recovers() is False:
            self._dynamodb.update_continuous_backups(
                TableName=self._name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
            )


def _keys(described: Any) -> dict[str, str]:
    return {part["KeyType"]: part["AttributeName"] for part in described["KeySchema"]}
