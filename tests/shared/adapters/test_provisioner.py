"""The provisioner against the laptop's stand-in: made once, made again, drifted, mended."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.ports import choose_ports, is_listening
from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.demo_accounts import DEMO_ACCOUNTS, create_demo_accounts
from shared.adapters.aws.provisioner import Provisioned, Provisioner
from shared.adapters.aws.queue_checks import QueueChecks
from shared.adapters.aws.resources.queues import queue_definitions
from shared.kernel.errors import Unavailable
from shared.kernel.queues import POLICIES, Queue
from shared.kernel.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
OTHER = {"AWS": "arn:aws:iam::000000000000:role/reader"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    directory = tmp_path_factory.mktemp("aws")
    port = choose_ports(["aws"], {})["aws"]
    command = [sys.executable, "-m", "embedded.aws", "--port", str(port), "--directory", str(directory)]
    with subprocess.Popen(command, cwd=ROOT) as server:
        try:
            while not is_listening(port):
                assert server.poll() is None, "the stand-in does not start"
            yield Settings(aws_endpoint_url=f"http://127.0.0.1:{port}")
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def clients(settings: Settings) -> AwsClients:
    return AwsClients(settings)


@pytest.fixture(scope="module")
def provisioner(clients: AwsClients, settings: Settings) -> Provisioner:
    return Provisioner(clients, settings)


@pytest.fixture(scope="module")
def missing(provisioner: Provisioner) -> list[str]:
    return provisioner.check()


@pytest.fixture(scope="module")
def provisioned(provisioner: Provisioner, missing: list[str]) -> Provisioned:
    return provisioner.provision()


def attributes(clients: AwsClients, url: str) -> dict[str, str]:
    found: Any = clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    return dict(found["Attributes"])


def test_what_is_missing_is_said(missing: list[str]) -> None:
    assert "Queue ai-chat-dlq.fifo does not exist; `speaktracker provision` makes it." in missing
    assert len(missing) == 2 * len(Queue) - 1 + 3  # queues with their dead-letter queues; table, bucket, pool


def test_repetition_changes_nothing(provisioner: Provisioner, provisioned: Provisioned) -> None:
    assert provisioner.check() == []
    assert provisioner.provision() == provisioned
    assert provisioner.check() == []


def test_every_queue_keeps_the_numbers_of_the_catalogue(clients: AwsClients, provisioned: Provisioned) -> None:
    for queue, policy in POLICIES.items():
        found = attributes(clients, provisioned.queue_urls[queue.value])
        assert int(found["VisibilityTimeout"]) == policy.visibility_timeout
        assert int(found["MessageRetentionPeriod"]) == policy.retention
        assert int(found["ReceiveMessageWaitTimeSeconds"]) == 20
        if policy.has_dead_letter_queue:
            assert int(json.loads(found["RedrivePolicy"])["maxReceiveCount"]) == 10
    assert attributes(clients, provisioned.queue_urls["ai-chat-dlq.fifo"])["FifoQueue"] == "true"


def test_a_drifted_queue_is_named_and_mended(
    provisioner: Provisioner, provisioned: Provisioned, clients: AwsClients, settings: Settings
) -> None:
    url = provisioned.queue_urls["tts"]
    clients.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "7", "RedrivePolicy": ""})
    said = QueueChecks(clients, settings).differences([Queue.TTS])
    assert said[0] == "Queue tts: VisibilityTimeout is 7, must be 120; `speaktracker provision` sets it."
    assert len(said) == 2
    assert "RedrivePolicy" in said[1]
    provisioner.provision()
    assert provisioner.check() == []


def test_a_drifted_table_is_named_and_mended(
    provisioner: Provisioner, provisioned: Provisioned, clients: AwsClients
) -> None:
    table = provisioned.table
    clients.dynamodb.put_item(TableName=table, Item={"PK": {"S": "a"}, "SK": {"S": "b"}})
    clients.dynamodb.update_time_to_live(
        TableName=table, TimeToLiveSpecification={"Enabled": False, "AttributeName": "ttl"}
    )
    clients.dynamodb.update_table(TableName=table, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "GSI2"}}])
    assert provisioner.check() == [
        f"Table {table}: index GSI2 is missing; `speaktracker provision` mends it.",
        f"Table {table}: items do not expire by `ttl`; `speaktracker provision` mends it.",
    ]
    provisioner.provision()
    assert provisioner.check() == []
    assert clients.dynamodb.get_item(TableName=table, Key={"PK": {"S": "a"}, "SK": {"S": "b"}})["Item"]


def test_what_others_allow_stays_in_the_buckets_policy(
    provisioner: Provisioner, provisioned: Provisioned, clients: AwsClients
) -> None:
    place = f"arn:aws:s3:::{provisioned.bucket}/frontend/*"
    other = {"Sid": "Frontend", "Effect": "Allow", "Principal": OTHER, "Action": "s3:GetObject", "Resource": place}
    alone = json.dumps({"Version": "2012-10-17", "Statement": [other]})
    clients.s3.put_bucket_policy(Bucket=provisioned.bucket, Policy=alone)
    assert "its policy is another" in provisioner.check()[0]

    provisioner.provision()

    assert provisioner.check() == []
    found = json.loads(clients.s3.get_bucket_policy(Bucket=provisioned.bucket)["Policy"])["Statement"]
    assert [one["Sid"] for one in found] == ["TlsOnly", "Frontend"]


def test_a_drifted_bucket_is_named_and_mended(
    provisioner: Provisioner, provisioned: Provisioned, clients: AwsClients
) -> None:
    bucket = provisioned.bucket
    clients.s3.delete_bucket_lifecycle(Bucket=bucket)
    rule: Any = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
    clients.s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})
    assert provisioner.check() == [
        f"Bucket {bucket}: its lifecycle is not set; `speaktracker provision` sets it.",
        f"Bucket {bucket}: its CORS is another; `speaktracker provision` sets it.",
    ]
    provisioner.provision()
    assert provisioner.check() == []
    expiry: Any = clients.s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert {rule["Filter"]["Prefix"]: rule["Expiration"]["Days"] for rule in expiry if "Expiration" in rule} == {
        "incoming/": 1,
        "profile-images/incoming/": 1,
        "uploads/": 365,
        "exports/": 1,
        "tts/": 7,
        "user-audio/": 30,
        "transcripts/": 1,
        "graph-payloads/": 1,
        "claims/": 30,
    }


def test_a_drifted_user_pool_is_named_and_mended(
    provisioner: Provisioner, provisioned: Provisioned, clients: AwsClients
) -> None:
    pool = provisioned.user_pool_id
    clients.cognito.update_user_pool_client(
        UserPoolId=pool, ClientId=provisioned.client_id, ClientName="speaktracker", RefreshTokenValidity=1
    )
    clients.cognito.delete_group(UserPoolId=pool, GroupName="operators")
    said = provisioner.check()
    assert any("RefreshTokenValidity of the app client" in sentence for sentence in said)
    assert any("the group operators" in sentence for sentence in said)
    assert provisioner.provision() == provisioned
    assert provisioner.check() == []


def test_demo_accounts_can_sign_in_and_the_operator_is_one(clients: AwsClients, provisioned: Provisioned) -> None:
    for _ in range(2):  # repetition changes nothing
        create_demo_accounts(clients.cognito, provisioned.user_pool_id)
    for account in DEMO_ACCOUNTS:
        answer = clients.cognito.initiate_auth(
            AuthFlow="USER_PASSWORD_AUTH",
            ClientId=provisioned.client_id,
            AuthParameters={"USERNAME": account.email, "PASSWORD": account.password},
        )
        assert answer["AuthenticationResult"]["AccessToken"]
    members = clients.cognito.list_users_in_group(UserPoolId=provisioned.user_pool_id, GroupName="operators")["Users"]
    emails = [part["Value"] for user in members for part in user["Attributes"] if part["Name"] == "email"]
    assert emails == ["operator@example.com"]


def test_an_environment_has_resources_of_its_own(clients: AwsClients, settings: Settings) -> None:
    theirs = settings.model_copy(
        update={"environment": "dev", "chat_table_name": "DevTable", "chat_bucket_name": "dev-chat"}
    )
    found = Provisioner(clients, theirs).provision()
    assert "dev-ai-chat-dlq.fifo" in found.queue_urls
    assert Provisioner(clients, theirs).check() == []


def test_a_queue_of_another_name_keeps_its_name() -> None:
    settings = Settings(
        aws_endpoint_url="http://127.0.0.1:1",
        tts_queue_url="https://sqs.ap-northeast-2.amazonaws.com/1/old-tts",  # type: ignore[call-arg]
    )
    names = [definition.name for definition in queue_definitions(settings, [Queue.TTS])]
    assert names == ["old-tts-dlq", "old-tts"]


def test_an_endpoint_that_does_not_answer_is_unavailable() -> None:
    port = choose_ports(["nobody"], {})["nobody"]
    away = Settings(aws_endpoint_url=f"http://127.0.0.1:{port}")
    with pytest.raises(Unavailable):
        QueueChecks(AwsClients(away), away).differences([Queue.TTS])
