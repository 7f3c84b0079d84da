"""The template makes, in the emulator, what the provisioner would: it finds nothing to mend but what those ignore."""

import threading
from typing import Any

from cli.deploying.command import ROOT
from cli.deploying.template import template
from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.provisioner import Provisioner
from shared.kernel.settings import ToolSettings, read_settings

BUCKET, TABLE, STACK = "dev-stack-chat", "StackTable", "dev-stack"
GIVEN = {
    "Environment": "dev",
    "Version": "1.2",
    "BucketName": BUCKET,
    "TableName": TABLE,
    "AlarmEmail": "a@example.com",
}
IGNORED = ("do not expire by `ttl`", "point-in-time recovery is off", "its lifecycle is not set")
"""ministack makes the table and the bucket of a template without these."""


def test_a_stack_of_the_template_is_what_the_provisioner_wants(adapter_aws: AwsClients) -> None:
    client = adapter_aws.client("cloudformation", read_seconds=60)
    parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in GIVEN.items()]
    client.create_stack(StackName=STACK, TemplateBody=template(ROOT / "Procfile"), Parameters=parameters)
    stack = made(client)
    resources = client.describe_stack_resources(StackName=STACK)["StackResources"]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    assert {one["ResourceStatus"] for one in resources} == {"CREATE_COMPLETE"}
    settings = read_settings(
        ToolSettings,
        aws_endpoint_url=adapter_aws.sqs.meta.endpoint_url,
        environment="dev",
        chat_table_name=TABLE,
        chat_bucket_name=BUCKET,
        cognito_user_pool_id=outputs["CognitoUserPoolId"],
        cognito_client_id=outputs["CognitoClientId"],
    )
    differences = Provisioner(AwsClients(settings), settings).check()
    assert [one for one in differences if not any(part in one for part in IGNORED)] == []


def made(client: Any) -> dict[str, Any]:
    for _ in range(300):
        stack: dict[str, Any] = client.describe_stacks(StackName=STACK)["Stacks"][0]
        if "PROGRESS" not in stack["StackStatus"]:
            break
        threading.Event().wait(0.1)
    assert stack["StackStatus"] == "CREATE_COMPLETE", stack
    return stack
