"""Resources of the template that keep something beside the data: logs, secrets, and the key of alarms."""

from cli.deploying.intrinsics import Resource, logical, ref, sub

LOG_DAYS = 30
KEPT: Resource = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


def tags() -> list[Resource]:
    """Return the tags of everything that takes some."""
    return [
        {"Key": "Application", "Value": "speaktracker"},
        {"Key": "Environment", "Value": ref("Environment")},
        {"Key": "Version", "Value": ref("Version")},
    ]


def logs(programs: list[str]) -> Resource:
    """Return a log group for every program."""
    return {
        f"{logical(name)}Logs": {
            "Type": "AWS::Logs::LogGroup",
            **KEPT,
            "Properties": {"LogGroupName": sub(f"/speaktracker/${{Environment}}/{name}"), "RetentionInDays": LOG_DAYS},
        }
        for name in programs
    }


def secrets() -> Resource:
    """Return the secrets that processes read at their start; CloudFormation makes them up, and nobody knows them."""

    def secret(name: str, said: str) -> Resource:
        made = {"PasswordLength": 48, "ExcludePunctuation": True}
        properties = {"Name": sub(f"${{Environment}}/speaktracker/{name}"), "Description": said}
        return {
            "Type": "AWS::SecretsManager::Secret",
            **KEPT,
            "Properties": {**properties, "GenerateSecretString": made, "Tags": tags()},
        }

    return {
        "CursorKey": secret("cursor-key", "CURSOR_KEY signs the cursors of lists."),
        "FlowerPassword": secret("flower-password", "The password in FLOWER_BASIC_AUTH."),
    }


def alarm_key() -> Resource:
    """Return the key of the alarms' topic: CloudWatch may not use the one that AWS manages for SNS."""
    owner = {
        "Sid": "Owner",
        "Effect": "Allow",
        "Principal": {"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")},
        "Action": "kms:*",
        "Resource": "*",
    }
    alarms = {
        "Sid": "Alarms",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
    }
    return {
        "Type": "AWS::KMS::Key",
        **KEPT,
        "Properties": {
            "Description": "Encrypts what alarms tell.",
            "EnableKeyRotation": True,
            "KeyPolicy": {"Version": "2012-10-17", "Statement": [owner, alarms]},
            "Tags": tags(),
        },
    }
