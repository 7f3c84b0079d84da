"""DynamoDB on the embedded endpoint: transactions with conditions, and their tokens across a crash."""

from typing import Any

import pytest

TABLE = "ChatTable"
KEYS = {"PK": "HASH", "SK": "RANGE"}


def key(name: str) -> dict[str, Any]:
    return {"PK": {"S": name}, "SK": {"S": "METADATA"}}


def create_table(dynamodb: Any) -> None:
    dynamodb.create_table(
        TableName=TABLE,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in (*KEYS, "GSI1PK", "GSI1SK")],
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in KEYS.items()],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "GSI1",
                "KeySchema": [{"AttributeName": f"GSI1{name}", "KeyType": kind} for name, kind in KEYS.items()],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


@pytest.fixture(scope="module")
def dynamodb(embedded_cloud: Any) -> Any:
    client = embedded_cloud.client("dynamodb")
    create_table(client)
    return client


def put(name: str, condition: str | None = None, **attributes: str) -> dict[str, Any]:
    item = key(name) | {attribute: {"S": value} for attribute, value in attributes.items()}
    return {"Put": {"TableName": TABLE, "Item": item} | ({"ConditionExpression": condition} if condition else {})}


def test_a_failed_condition_undoes_the_whole_transaction(dynamodb: Any) -> None:
    dynamodb.transact_write_items(TransactItems=[put("taken")])
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as caught:
        dynamodb.transact_write_items(TransactItems=[put("free"), put("taken", "attribute_not_exists(PK)")])
    reasons = [reason["Code"] for reason in caught.value.response["CancellationReasons"]]
    assert reasons == ["None", "ConditionalCheckFailed"]
    assert "Item" not in dynamodb.get_item(TableName=TABLE, Key=key("free"))


def test_a_transaction_checks_updates_and_deletes_together(dynamodb: Any) -> None:
    dynamodb.transact_write_items(TransactItems=[put("room", count="1"), put("old"), put("guard", state="open")])
    target = {"TableName": TABLE, "ExpressionAttributeNames": {"#state": "state"}}
    dynamodb.transact_write_items(
        TransactItems=[
            {
                "ConditionCheck": target
                | {
                    "Key": key("guard"),
                    "ConditionExpression": "#state = :open",
                    "ExpressionAttributeValues": {":open": {"S": "open"}},
                }
            },
            {
                "Update": target
                | {
                    "Key": key("room"),
                    "UpdateExpression": "SET #state = :new ADD members :one",
                    "ExpressionAttributeValues": {":new": {"S": "busy"}, ":one": {"N": "1"}},
                }
            },
            {"Delete": {"TableName": TABLE, "Key": key("old")}},
        ]
    )
    item = dynamodb.get_item(TableName=TABLE, Key=key("room"))["Item"]
    assert (item["state"], item["members"]) == ({"S": "busy"}, {"N": "1"})
    assert "Item" not in dynamodb.get_item(TableName=TABLE, Key=key("old"))


def test_indexes_numbers_and_tokens_survive_a_crash(embedded_crashing_cloud: Any) -> None:
    cloud = embedded_crashing_cloud
    dynamodb = cloud.client("dynamodb")
    create_table(dynamodb)
    add = {
        "TableName": TABLE,
        "Key": key("counter"),
        "UpdateExpression": "ADD tally :one SET GSI1PK = :rooms, GSI1SK = :now, payload = :raw",
        "ExpressionAttributeValues": {
            ":one": {"N": "1"},
            ":rooms": {"S": "ROOMS"},
            ":now": {"S": "2026"},
            ":raw": {"B": b"\x00\xff"},
        },
    }
    dynamodb.transact_write_items(TransactItems=[{"Update": add}], ClientRequestToken="same")
    cloud.crash()

    dynamodb.transact_write_items(TransactItems=[{"Update": add}], ClientRequestToken="same")
    (item,) = dynamodb.query(
        TableName=TABLE,
        IndexName="GSI1",
        KeyConditionExpression="GSI1PK = :rooms",
        ExpressionAttributeValues={":rooms": {"S": "ROOMS"}},
    )["Items"]
    assert (item["tally"], item["payload"]) == ({"N": "1"}, {"B": b"\x00\xff"})
    assert dynamodb.describe_table(TableName=TABLE)["Table"]["ItemCount"] == 1
