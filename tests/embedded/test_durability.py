"""Nothing that was acknowledged is lost when the endpoint is killed at any moment."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

TABLE = "ChatTable"
KEYS = {"PK": "HASH", "SK": "RANGE"}


class Load:
    """Workers that write until the endpoint dies, and remember what it acknowledged."""

    def __init__(self, cloud: Any, people: Any, queue: str) -> None:
        self.cloud, self.people, self.queue = cloud, people, queue
        self.items: dict[str, str] = {}
        self.pairs: list[str] = []
        self.sent: set[str] = set()
        self.deleted: set[str] = set()
        self.tried_to_delete: set[str] = set()
        self.objects: dict[str, bytes] = {}
        self.users: dict[str, str] = {}

    def run_until_killed(self, acknowledged: int) -> None:
        """Write from several threads, and kill the endpoint once so many writes were acknowledged."""
        enough = threading.Event()
        target = self._count() + acknowledged
        works = [self._put_item, self._put_pair, self._send, self._send, self._consume, self._put_object, self._sign_up]
        threads = [threading.Thread(target=self._repeat, args=(work, enough, target)) for work in works]
        for thread in threads:
            thread.start()
        assert enough.wait(60)
        self.cloud.process.kill()
        for thread in threads:
            thread.join(60)

    def _repeat(self, work: Callable[[], None], enough: threading.Event, target: int) -> None:
        while True:
            try:
                work()
            except (BotoCoreError, HTTPClientError, ClientError):
                return
            if self._count() >= target:
                enough.set()

    def _count(self) -> int:
        return len(self.items) + len(self.pairs) + len(self.sent) + len(self.objects)

    def _put_item(self) -> None:
        key, value = f"item-{len(self.items)}", uuid.uuid4().hex
        self.cloud.client("dynamodb").put_item(TableName=TABLE, Item=row(key, "one", value))
        self.items[key] = value

    def _put_pair(self) -> None:
        key = uuid.uuid4().hex
        puts = [{"Put": {"TableName": TABLE, "Item": row(key, side, side)}} for side in ("left", "right")]
        self.cloud.client("dynamodb").transact_write_items(TransactItems=puts)
        self.pairs.append(key)

    def _send(self) -> None:
        body = uuid.uuid4().hex
        self.cloud.client("sqs").send_message(QueueUrl=self.queue, MessageBody=body)
        self.sent.add(body)

    def _consume(self) -> None:
        sqs = self.cloud.client("sqs")
        for message in sqs.receive_message(QueueUrl=self.queue, VisibilityTimeout=1).get("Messages", []):
            self.tried_to_delete.add(message["Body"])
            sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
            self.deleted.add(message["Body"])

    def _put_object(self) -> None:
        key, body = f"tts/{uuid.uuid4().hex}", uuid.uuid4().bytes * 100
        self.cloud.client("s3").put_object(Bucket="voices", Key=key, Body=body, Metadata={"voice": "Joanna"})
        self.objects[key] = body

    def _sign_up(self) -> None:
        email = f"{uuid.uuid4().hex}@example.com"
        self.users[email] = self.people.sign_up(email)


def row(key: str, sort: str, value: str) -> dict[str, Any]:
    return {"PK": {"S": key}, "SK": {"S": sort}, "value": {"S": value}}


def create_table(cloud: Any) -> None:
    cloud.client("dynamodb").create_table(
        TableName=TABLE,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in KEYS],
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in KEYS.items()],
        BillingMode="PAY_PER_REQUEST",
    )


def stored_rows(cloud: Any) -> dict[tuple[str, str], str]:
    pages = cloud.client("dynamodb").get_paginator("scan").paginate(TableName=TABLE)
    return {(item["PK"]["S"], item["SK"]["S"]): item["value"]["S"] for page in pages for item in page["Items"]}


def drain(cloud: Any, queue: str, expected: set[str]) -> set[str]:
    """Receive until everything expected has come; in-flight messages come back within their second."""
    sqs, seen = cloud.client("sqs"), set[str]()
    for _ in range(400):
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=2, VisibilityTimeout=600)
        seen |= {message["Body"] for message in answer.get("Messages", [])}
        if "Messages" not in answer and expected <= seen:
            return seen
    return seen


def test_kill_under_load_loses_nothing_acknowledged(
    embedded_crashing_cloud: Any, embedded_pool_of: Callable[[Any], Any]
) -> None:
    cloud = embedded_crashing_cloud
    people = embedded_pool_of(cloud)
    create_table(cloud)
    cloud.create_bucket("voices")
    queue = cloud.client("sqs").create_queue(QueueName="load")["QueueUrl"]
    load = Load(cloud, people, queue)
    for _ in range(3):
        load.run_until_killed(acknowledged=250)
        cloud.process.start()

    rows = stored_rows(cloud)
    assert {key: rows.get((key, "one")) for key in load.items} == load.items
    assert all((key, side) in rows for key in load.pairs for side in ("left", "right"))
    halves = [key for key, side in rows if side in ("left", "right")]
    assert all(halves.count(key) == 2 for key in halves)
    seen = drain(cloud, queue, load.sent - load.tried_to_delete)
    assert load.sent - load.tried_to_delete <= seen
    assert not load.deleted & seen
    s3 = cloud.client("s3")
    for key, body in load.objects.items():
        stored = s3.get_object(Bucket="voices", Key=key)
        assert (stored["Body"].read(), stored["Metadata"]) == (body, {"voice": "Joanna"})
    for email, subject in load.users.items():
        answer = people.cognito.admin_get_user(UserPoolId=people.pool, Username=email)
        assert {"Name": "sub", "Value": subject} in answer["UserAttributes"]
        assert cloud.codes(email)


def test_definitions_survive_a_crash(embedded_crashing_cloud: Any) -> None:
    cloud = embedded_crashing_cloud
    s3, sns, dynamodb = (cloud.client(name) for name in ("s3", "sns", "dynamodb"))
    create_table(cloud)
    dynamodb.update_time_to_live(TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    cloud.create_bucket("voices")
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "tts/"}, "Expiration": {"Days": 7}}
    s3.put_bucket_lifecycle_configuration(Bucket="voices", LifecycleConfiguration={"Rules": [rule]})
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    cloud.client("secretsmanager").create_secret(Name="key", SecretString="hidden")
    cloud.client("sqs").create_queue(QueueName="dead", Attributes={"VisibilityTimeout": "77"})
    put_alarm(cloud, "dead", topic)
    cloud.crash()

    ttl = dynamodb.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
    assert (ttl["AttributeName"], ttl["TimeToLiveStatus"]) == ("ttl", "ENABLED")
    assert s3.get_bucket_lifecycle_configuration(Bucket="voices")["Rules"][0]["Expiration"] == {"Days": 7}
    assert [entry["TopicArn"] for entry in sns.list_topics()["Topics"]] == [topic]
    assert cloud.client("secretsmanager").get_secret_value(SecretId="key")["SecretString"] == "hidden"
    url = cloud.client("sqs").get_queue_url(QueueName="dead")["QueueUrl"]
    attributes = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
    assert attributes["Attributes"] == {"VisibilityTimeout": "77"}
    (alarm,) = cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert (alarm["AlarmName"], alarm["AlarmActions"]) == ("dead-letters", [topic])


def put_alarm(cloud: Any, queue: str, topic: str) -> None:
    cloud.client("cloudwatch").put_metric_alarm(
        AlarmName="dead-letters",
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": queue}],
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[topic],
    )


def test_a_deleted_table_does_not_come_back_with_its_items(embedded_crashing_cloud: Any) -> None:
    cloud = embedded_crashing_cloud
    create_table(cloud)
    cloud.client("dynamodb").put_item(TableName=TABLE, Item=row("old", "one", "x"))
    cloud.client("dynamodb").delete_table(TableName=TABLE)
    create_table(cloud)
    cloud.crash()
    assert stored_rows(cloud) == {}


def test_a_stop_is_clean_and_the_next_start_may_use_another_port(embedded_crashing_cloud: Any) -> None:
    cloud = embedded_crashing_cloud
    sqs = cloud.client("sqs")
    queue = sqs.create_queue(QueueName="moving")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="kept")
    assert cloud.process.stop() == 0
    moved = type(cloud)(type(cloud.process)("embedded.aws", cloud.process.directory).start())
    try:
        url = moved.client("sqs").get_queue_url(QueueName="moving")["QueueUrl"]
        assert url.startswith(moved.url)
        messages = moved.client("sqs").receive_message(QueueUrl=url)["Messages"]
        assert [message["Body"] for message in messages] == ["kept"]
    finally:
        moved.process.stop()
