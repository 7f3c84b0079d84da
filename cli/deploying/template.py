"""What the processes rest on at AWS, as CloudFormation: made from the definitions that the provisioner has.

Queues and their dead-letter queues with alarms, the table, the bucket, the user pool, logs and secrets; machines and
networks are not in it.
"""

from typing import Any

from cli.deploying.intrinsics import Resource, arn_of, is_given, logical, prefixed, ref, release, sub, text_of, tls_only
from cli.deploying.keeping import KEPT, alarm_key, logs, secrets, tags
from cli.procfile import read_procfile
from shared.adapters.aws.published_numbers import NAMESPACE, UNSETTLED
from shared.adapters.aws.resources import bucket, user_pool
from shared.adapters.aws.resources.queues import QueueDefinition, queue_definitions
from shared.adapters.dynamodb.definition import TTL_ATTRIBUTE, table_definition
from shared.kernel.settings import Settings, ToolSettings

_SAID = "SpeakTracker: queues, alarms, table, bucket, user pool, logs, secrets (speaktracker template)"
ALARM_SECONDS = 300


def template(procfile: Any) -> str:
    """Return the text of the template."""
    settings, programs = ToolSettings(), read_procfile(procfile)
    sections = {
        "Parameters": _parameters(settings),
        "Conditions": {"HasWebhook": is_given("AlarmWebhook")},
        "Resources": {
            **_queues(settings),
            **_alarms(settings),
            **_storage(),
            **_people(),
            **logs(list(programs)),
            **secrets(),
        },
        "Outputs": _outputs(),
    }
    return text_of(_SAID, sections)


def _parameters(settings: Settings) -> Resource:
    return {
        **release("The release that runs on these resources."),
        "BucketName": {"Type": "String", "Description": "CHAT_BUCKET_NAME; unique in the world."},
        "TableName": {"Type": "String", "Default": settings.chat_table_name, "Description": "CHAT_TABLE_NAME."},
        "AlarmEmail": {"Type": "String", "Description": "Who is told of alarms by e-mail."},
        "AlarmWebhook": {
            "Type": "String",
            "Default": "",
            "Description": "An https address that is told of alarms; empty for none.",
        },
    }


def _queues(settings: Settings) -> Resource:
    found: Resource = {}
    for definition in queue_definitions(settings):
        name = logical(definition.name)
        found[f"{name}Queue"] = {"Type": "AWS::SQS::Queue", **KEPT, "Properties": _queue(definition)}
        found[f"{name}QueuePolicy"] = {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [ref(f"{name}Queue")],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [tls_only("sqs:*", [arn_of(f"{name}Queue")])],
                },
            },
        }
    return found


def _queue(definition: QueueDefinition) -> Resource:
    """Return a queue's properties: SQS's attributes have the same names here, with numbers and truths as such."""
    properties: Resource = {"QueueName": prefixed(definition.name), "SqsManagedSseEnabled": True, "Tags": tags()}
    for name, value in definition.attributes.items():
        properties[name] = value == "true" if value in ("true", "false") else int(value)
    if not properties.get("FifoQueue"):
        properties.pop("FifoQueue", None)
        properties.pop("ContentBasedDeduplication", None)
    if definition.dead_letter_name:
        target = f"{logical(definition.dead_letter_name)}Queue"
        properties["RedrivePolicy"] = {
            "deadLetterTargetArn": arn_of(target),
            "maxReceiveCount": definition.max_receives,
        }
    properties["VisibilityTimeout"] = definition.visibility_timeout
    return properties


def _alarms(settings: Settings) -> Resource:
    letters = [one.dead_letter_name for one in queue_definitions(settings) if one.dead_letter_name]
    found: Resource = {
        "AlarmKey": alarm_key(),
        "AlarmTopic": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"TopicName": prefixed("alarms"), "KmsMasterKeyId": ref("AlarmKey"), "Tags": tags()},
        },
        "PeopleTopic": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"TopicName": prefixed("people"), "KmsMasterKeyId": "alias/aws/sns", "Tags": tags()},
        },
        "AlarmMail": _subscription("email", ref("AlarmEmail")),
        "AlarmHook": {**_subscription("https", ref("AlarmWebhook")), "Condition": "HasWebhook"},
        "UnsettledLettersAlarm": _alarm(
            "unsettled-dead-letters",
            "Dead letters wait for a decision.",
            {
                "Namespace": NAMESPACE,
                "MetricName": UNSETTLED,
                "Dimensions": [{"Name": "Environment", "Value": ref("Environment")}],
                "Statistic": "Maximum",
            },
        ),
    }
    for name in letters:
        metric = {
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Dimensions": [{"Name": "QueueName", "Value": {"Fn::GetAtt": [f"{logical(name)}Queue", "QueueName"]}}],
            "Statistic": "Sum",
        }
        found[f"{logical(name)}Alarm"] = _alarm(name.replace(".", "-"), f"Messages lie on {name}.", metric)
    return found


def _alarm(name: str, said: str, metric: Resource) -> Resource:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": prefixed(name),
            "AlarmDescription": f"{said} docs/runbook.md says what to do.",
            **metric,
            "Period": ALARM_SECONDS,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [ref("AlarmTopic")],
            "OKActions": [ref("AlarmTopic")],
        },
    }


def _subscription(protocol: str, endpoint: Resource) -> Resource:
    return {
        "Type": "AWS::SNS::Subscription",
        "Properties": {"TopicArn": ref("AlarmTopic"), "Protocol": protocol, "Endpoint": endpoint},
    }


def _storage() -> Resource:
    table = {name: value for name, value in table_definition("").items() if name != "TableName"}
    return {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            **KEPT,
            "Properties": {
                "TableName": ref("TableName"),
                **table,
                "TimeToLiveSpecification": {"AttributeName": TTL_ATTRIBUTE, "Enabled": True},
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
                "SSESpecification": {"SSEEnabled": True},
                "DeletionProtectionEnabled": True,
                "Tags": tags(),
            },
        },
        "Bucket": {"Type": "AWS::S3::Bucket", **KEPT, "Properties": _bucket()},
        "BucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": ref("Bucket"),
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [tls_only("s3:*", [arn_of("Bucket"), sub("${Bucket.Arn}/*")]), _frontend()],
                },
            },
        },
        "FrontendIdentity": {
            "Type": "AWS::CloudFront::CloudFrontOriginAccessIdentity",
            "Properties": {"CloudFrontOriginAccessIdentityConfig": {"Comment": "Reads frontend/ of the bucket."}},
        },
    }


def _frontend() -> Resource:
    """Return what lets CloudFront, and nobody else, read the client's files."""
    return {
        "Sid": "Frontend",
        "Effect": "Allow",
        "Principal": {"CanonicalUser": {"Fn::GetAtt": ["FrontendIdentity", "S3CanonicalUserId"]}},
        "Action": "s3:GetObject",
        "Resource": sub("${Bucket.Arn}/frontend/*"),
    }


def _bucket() -> Resource:
    return {
        "BucketName": ref("BucketName"),
        "PublicAccessBlockConfiguration": bucket.public_access(),
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "LifecycleConfiguration": {"Rules": [_rule(rule) for rule in bucket.lifecycle()["Rules"]]},
        "CorsConfiguration": {"CorsRules": [_cors(rule) for rule in bucket.cross_origin()["CORSRules"]]},
        "Tags": tags(),
    }


def _rule(rule: Resource) -> Resource:
    """Return a rule of the bucket's lifecycle as CloudFormation names its parts."""
    found: Resource = {"Id": rule["ID"], "Status": rule["Status"]}
    if prefix := rule["Filter"]["Prefix"]:
        found["Prefix"] = prefix
    if "Expiration" in rule:
        found["ExpirationInDays"] = rule["Expiration"]["Days"]
    if "AbortIncompleteMultipartUpload" in rule:
        found["AbortIncompleteMultipartUpload"] = rule["AbortIncompleteMultipartUpload"]
    return found


def _cors(rule: Resource) -> Resource:
    names = {"ExposeHeaders": "ExposedHeaders", "MaxAgeSeconds": "MaxAge"}
    return {names.get(name, name): value for name, value in rule.items()}


def _people() -> Resource:
    pool = {
        "UserPoolName": prefixed("speaktracker"),
        **user_pool.FIXED,
        **user_pool.CHANGEABLE,
        "Schema": [user_pool.ROLE_SCHEMA],
        "Policies": {"PasswordPolicy": user_pool.PASSWORD_POLICY},
        "DeletionProtection": "ACTIVE",
    }
    client = {
        "ClientName": prefixed("speaktracker"),
        "UserPoolId": ref("UserPool"),
        "GenerateSecret": False,
        **user_pool.CLIENT,
    }
    group = {"UserPoolId": ref("UserPool"), "GroupName": user_pool.OPERATORS}
    return {
        "UserPool": {"Type": "AWS::Cognito::UserPool", **KEPT, "Properties": pool},
        "UserPoolClient": {"Type": "AWS::Cognito::UserPoolClient", "Properties": client},
        "Operators": {"Type": "AWS::Cognito::UserPoolGroup", "Properties": group},
    }


def _outputs() -> Resource:
    told = {
        "ChatTableName": ref("Table"),
        "ChatBucketName": ref("Bucket"),
        "CognitoUserPoolId": ref("UserPool"),
        "CognitoClientId": ref("UserPoolClient"),
        "AlarmTopicArn": ref("AlarmTopic"),
        "NotificationTopicArn": ref("PeopleTopic"),
        "FrontendIdentity": ref("FrontendIdentity"),
        "CursorKeyArn": ref("CursorKey"),
        "FlowerPasswordArn": ref("FlowerPassword"),
    }
    return {name: {"Value": value, "Export": {"Name": prefixed(name)}} for name, value in told.items()}
