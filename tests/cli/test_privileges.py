"""Least privilege: every program may do in the template what its code asks of AWS, and nothing else."""

import json
from typing import Any

import pytest

from cli.deploying.access import access_template
from cli.deploying.command import ROOT
from cli.deploying.hosts import hosts
from cli.deploying.intrinsics import logical
from cli.deploying.privileges.allowed import ALLOWED
from cli.deploying.privileges.asked import Asked, asked
from cli.deploying.privileges.operations import actions
from cli.deploying.privileges.policies import policies, policy_name
from cli.deploying.privileges.sources import Sources
from cli.procfile import read_procfile

PROGRAMS = read_procfile(ROOT / "Procfile")
POLICIES = policies(PROGRAMS)
ANYTHING = {"polly", "transcribe", "cloudwatch"}
"""What IAM knows no resources of that could be told apart."""


def statements(program: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = POLICIES[policy_name(program)]["Properties"]["PolicyDocument"]["Statement"]
    return found


def queues(program: str, action: str) -> set[str]:
    place = "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Environment}-"
    return {
        one["Fn::Sub"].removeprefix(place)
        for statement in statements(program)
        if action in statement["Action"]
        for one in statement["Resource"]
    }


@pytest.fixture(scope="module")
def code() -> dict[str, Asked]:
    return asked(Sources(ROOT), PROGRAMS)


def test_every_program_has_a_policy_and_no_other() -> None:
    assert set(ALLOWED) == set(PROGRAMS)
    assert set(POLICIES) == {policy_name(name) for name in PROGRAMS}


def test_a_program_may_do_what_its_code_asks_and_nothing_else(code: dict[str, Asked]) -> None:
    granted = {name: {one for statement in statements(name) for one in statement["Action"]} for name in PROGRAMS}
    differing: list[str] = []
    for name, wanted in code.items():
        for action in sorted(wanted.actions ^ granted[name]):
            verb = "asks for" if action in wanted.actions else "may do, and never asks for,"
            differing.append(f"{name} {verb} {action}")

    assert not differing, "cli/deploying/privileges/allowed.py: " + "; ".join(differing)


def test_a_program_receives_from_its_own_queues_and_sends_where_its_jobs_go(code: dict[str, Asked]) -> None:
    for name, wanted in code.items():
        assert queues(name, "sqs:SendMessage") == wanted.sends, name
        if wanted.reads:
            assert queues(name, "sqs:ReceiveMessage") == wanted.reads, name
            assert queues(name, "sqs:DeleteMessage") == wanted.reads, name


def test_only_what_has_no_resources_is_allowed_on_all() -> None:
    for name in PROGRAMS:
        for statement in statements(name):
            services = {action.partition(":")[0] for action in statement["Action"]}
            assert statement["Resource"] != ["*"] or services <= ANYTHING, (name, statement)
            assert not any("*" in action for action in statement["Action"])


def test_numbers_are_published_under_our_own_name_only() -> None:
    [one] = [statement for statement in statements("dead-letters") if "cloudwatch:PutMetricData" in statement["Action"]]

    assert one["Condition"] == {"StringEquals": {"cloudwatch:namespace": "SpeakTracker"}}


def test_the_code_is_read_as_it_is(code: dict[str, Asked]) -> None:
    """Some of what must be found, lest a reading that finds nothing agree with a policy that allows nothing."""
    assert "polly:SynthesizeSpeech" in code["worker-tts"].actions
    assert "polly:SynthesizeSpeech" not in code["web"].actions
    assert "bedrock:InvokeModelWithResponseStream" in code["worker-ai"].actions
    assert "ses:SendEmail" in code["worker-persistence"].actions
    assert "cognito-idp:AdminDeleteUser" in code["web"].actions
    assert not {one for one in code["worker-tts"].actions if one.startswith("cognito-idp:")}
    assert code["beat"].actions == {
        "secretsmanager:GetSecretValue",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:SendMessage",
    }


def test_what_anybody_may_ask_needs_no_permission() -> None:
    assert actions("cognito-idp:InitiateAuth") == ()
    assert actions("s3:HeadObject") == ("s3:GetObject", "s3:ListBucket")


def test_no_policy_is_larger_than_iam_takes() -> None:
    for name in PROGRAMS:
        document = POLICIES[policy_name(name)]["Properties"]["PolicyDocument"]
        resources = sum(len(one["Resource"]) for one in document["Statement"] if isinstance(one["Resource"], list))
        size = len(str(document).replace(" ", "")) + resources * 70  # an ARN in place of each reference

        assert size < 6_144, name


def test_a_host_has_the_policies_of_its_programs_and_no_more_than_iam_attaches() -> None:
    made = json.loads(access_template(ROOT / "Procfile"))["Resources"]
    for host in hosts(tuple(PROGRAMS)):
        [*attached] = made[f"{logical(host.name)}Role"]["Properties"]["ManagedPolicyArns"]

        assert attached == [{"Ref": policy_name(name)} for name in host.programs]
        assert len(attached) <= 10


def test_only_our_own_workflows_of_one_branch_may_deploy() -> None:
    made = json.loads(access_template(ROOT / "Procfile"))["Resources"]
    [statement] = made["DeployRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    issuer = "token.actions.githubusercontent.com"

    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Condition"]["StringEquals"] == {
        f"{issuer}:aud": "sts.amazonaws.com",
        f"{issuer}:sub": {"Fn::Sub": "repo:${Repository}:ref:refs/heads/${Branch}"},
    }
