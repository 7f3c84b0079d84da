"""The template: current, clean by cfn-lint, and it says what the provisioner's definitions say, both ways."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from cli.deploying.command import ROOT, TEMPLATES, templates
from cli.deploying.intrinsics import logical
from cli.deploying.template import template
from cli.procfile import read_procfile
from shared.adapters.aws.resources import bucket
from shared.adapters.aws.resources.queues import queue_definitions
from shared.adapters.dynamodb.definition import table_definition
from shared.kernel.queues import POLICIES, Queue, dead_letter_queue_name
from shared.kernel.settings import ToolSettings

MADE: dict[str, Any] = json.loads(template(ROOT / "Procfile"))
RESOURCES: dict[str, Any] = MADE["Resources"]
LARGEST_BODY = 51_200
"""Bytes of a template that is sent with the call; a larger one must lie in a bucket."""
LINTER = Path(sys.executable).parent / "cfn-lint"


def of(kind: str) -> dict[str, Any]:
    return {name: one["Properties"] for name, one in RESOURCES.items() if one["Type"] == kind}


def test_the_templates_in_the_repository_are_current() -> None:
    for name, text in templates().items():
        assert (TEMPLATES / name).read_text(encoding="utf-8") == text, "run `speaktracker template --write`"


def test_cloudformation_takes_the_templates_as_they_are_sent() -> None:
    """The machines' goes by the bucket, which is there by then."""
    assert {name for name, text in templates().items() if len(text.encode()) > LARGEST_BODY} <= {"platform.json"}


def test_cfn_lint_finds_nothing() -> None:
    files = [TEMPLATES / name for name in templates()]
    told = subprocess.run(
        [LINTER, "--regions", "ap-northeast-2", "--", *files], capture_output=True, text=True, timeout=120
    )

    assert (told.returncode, told.stdout) == (0, "")


def test_queues_are_those_of_the_catalogue_with_their_numbers() -> None:
    queues = of("AWS::SQS::Queue")
    definitions = {f"{logical(one.name)}Queue": one for one in queue_definitions(ToolSettings())}

    assert set(queues) == set(definitions)
    for name, made in queues.items():
        wanted = definitions[name]
        assert made["QueueName"] == {"Fn::Sub": f"${{Environment}}-{wanted.name}"}
        assert made["VisibilityTimeout"] == wanted.visibility_timeout
        assert made["MessageRetentionPeriod"] == wanted.retention
        assert made.get("FifoQueue", False) is wanted.name.endswith(".fifo")
        redrive = made.get("RedrivePolicy")
        assert (redrive or {}).get("maxReceiveCount") == wanted.max_receives
        if wanted.dead_letter_name:
            assert redrive["deadLetterTargetArn"]["Fn::GetAtt"][0] == f"{logical(wanted.dead_letter_name)}Queue"


def test_every_dead_letter_queue_has_the_alarm_that_is_promised() -> None:
    watched = {
        one["Dimensions"][0]["Value"]["Fn::GetAtt"][0]: one
        for one in of("AWS::CloudWatch::Alarm").values()
        if one["Namespace"] == "AWS/SQS"
    }
    letters = [dead_letter_queue_name(queue.value) for queue in Queue if POLICIES[queue].has_dead_letter_queue]

    assert set(watched) == {f"{logical(name)}Queue" for name in letters}
    for alarm in watched.values():
        assert (alarm["MetricName"], alarm["Statistic"], alarm["Period"], alarm["EvaluationPeriods"]) == (
            "ApproximateNumberOfMessagesVisible",
            "Sum",
            300,
            1,
        )
        assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (1, "GreaterThanOrEqualToThreshold")
    assert RESOURCES["UnsettledLettersAlarm"]["Properties"]["Threshold"] == 1
    assert {one["Protocol"] for one in of("AWS::SNS::Subscription").values()} == {"email", "https"}


def test_the_table_has_its_keys_and_can_be_recovered() -> None:
    made = of("AWS::DynamoDB::Table")["Table"]
    for name, value in table_definition("").items():
        assert name == "TableName" or made[name] == value
    assert made["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert made["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert made["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_the_bucket_forgets_and_keeps_what_it_must() -> None:
    made = of("AWS::S3::Bucket")["Bucket"]
    expiring = {
        rule["Prefix"]: rule["ExpirationInDays"]
        for rule in made["LifecycleConfiguration"]["Rules"]
        if "ExpirationInDays" in rule
    }

    assert expiring == bucket.EXPIRY_DAYS
    assert not set(expiring) & set(bucket.KEPT_PREFIXES)
    assert made["CorsConfiguration"]["CorsRules"][0]["MaxAge"] == 3000
    assert set(made["PublicAccessBlockConfiguration"].values()) == {True}


def test_whatever_holds_data_refuses_plain_connections_and_outlives_the_stack() -> None:
    guarded = [*of("AWS::SQS::QueuePolicy").values(), *of("AWS::S3::BucketPolicy").values()]
    assert len(guarded) == len(of("AWS::SQS::Queue")) + 1
    for policy in guarded:
        statement = policy["PolicyDocument"]["Statement"][0]
        assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    holding = ("SQS::Queue", "DynamoDB::Table", "S3::Bucket", "Cognito::UserPool", "SecretsManager::Secret")
    for name, one in RESOURCES.items():
        if one["Type"].removeprefix("AWS::") in holding:
            assert (one["DeletionPolicy"], one["UpdateReplacePolicy"]) == ("Retain", "Retain"), name


def test_every_program_has_a_log_of_thirty_days() -> None:
    logs = of("AWS::Logs::LogGroup")

    assert set(logs) == {f"{logical(name)}Logs" for name in read_procfile(ROOT / "Procfile")}
    assert {one["RetentionInDays"] for one in logs.values()} == {30}
