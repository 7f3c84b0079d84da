"""Who may do what at AWS, as CloudFormation: a policy a program, a role a kind of host, and the roles that deploy."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from cli.deploying.hosts import Host, hosts
from cli.deploying.intrinsics import (
    Resource,
    arn_of,
    by_environment,
    imported,
    is_given,
    logical,
    prefixed,
    ref,
    release,
    sub,
    sub_with,
    text_of,
)
from cli.deploying.keeping import tags
from cli.deploying.privileges.policies import policies, policy_name
from cli.procfile import read_procfile
from shared.kernel.settings import ToolSettings

_SAID = "SpeakTracker: policies and roles of processes and of deploys (speaktracker template)"
_ISSUER = "token.actions.githubusercontent.com"


def access_template(procfile: Path) -> str:
    """Return the text of the template."""
    programs = read_procfile(procfile)
    kinds = hosts(tuple(programs))
    sections = {
        "Parameters": _parameters(),
        "Conditions": {**by_environment(), "HasRepository": is_given("Repository")},
        "Resources": {**policies(programs), **_roles(kinds), **_deploying()},
        "Outputs": _outputs(kinds),
    }
    return text_of(_SAID, sections)


def profile_name(host: Host) -> str:
    """Return the logical name of a host's instance profile."""
    return f"{logical(host.name)}Profile"


def _parameters() -> Resource:
    model = ToolSettings().bedrock_model_id
    return {
        **release("The release that runs with these rights."),
        "BedrockModels": {
            "Type": "CommaDelimitedList",
            "Default": f"arn:aws:bedrock:*::foundation-model/{model}",
            "Description": "ARNs of the models (and inference profiles) that the AI partner may ask.",
        },
        "Repository": {
            "Type": "String",
            "Default": "",
            "Description": "OWNER/NAME on GitHub whose workflows may deploy this environment; empty for none.",
        },
        "Branch": {
            "Type": "String",
            "Default": "main",
            "AllowedValues": ["main", "develop"],
            "Description": "The branch from which this environment is deployed.",
        },
        "GitHubProvider": {
            "Type": "String",
            "Default": "",
            "Description": "ARN of the account's OIDC provider for GitHub; needed with Repository.",
        },
    }


def _roles(kinds: tuple[Host, ...]) -> Resource:
    found: Resource = {}
    for host in kinds:
        found[f"{logical(host.name)}Role"] = {
            "Type": "AWS::IAM::Role",
            "Condition": host.condition,
            "Properties": {
                "AssumeRolePolicyDocument": _trust({"Service": "ec2.amazonaws.com"}, "sts:AssumeRole"),
                "ManagedPolicyArns": [ref(policy_name(name)) for name in host.programs],
                "Policies": [{"PolicyName": "host", "PolicyDocument": _document(*_of_hosts(host))}],
                "Tags": tags(),
            },
        }
        found[profile_name(host)] = {
            "Type": "AWS::IAM::InstanceProfile",
            "Condition": host.condition,
            "Properties": {"Roles": [ref(f"{logical(host.name)}Role")]},
        }
    return found


def _of_hosts(host: Host) -> Iterator[Resource]:
    """Yield what a host itself needs: its release, its logs, its own place in its group, and a shell without a port."""
    group = "arn:${AWS::Partition}:autoscaling:${AWS::Region}:${AWS::AccountId}:autoScalingGroup:*:"
    names = [sub(f"{group}autoScalingGroupName/${{Environment}}-speaktracker-{host.name}")]
    logs = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/speaktracker/${Environment}/*"
    releases = sub_with("arn:${AWS::Partition}:s3:::${Bucket}/releases/*", Bucket=imported("ChatBucketName"))
    yield _allow("Release", ["s3:GetObject"], [releases])
    yield _allow("Logs", ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], [sub(logs)])
    yield _allow(
        "OwnPlace",
        [f"autoscaling:{one}" for one in ("CompleteLifecycleAction", "RecordLifecycleActionHeartbeat")],
        names,
    )
    yield _allow("SeePlaces", ["autoscaling:DescribeAutoScalingInstances"], ["*"])
    shell = ["Control", "Data"]
    channels = [f"ssmmessages:{verb}{kind}Channel" for verb in ("Create", "Open") for kind in shell]
    yield _allow("Shell", ["ssm:UpdateInstanceInformation", *channels], ["*"])


def _deploying() -> Resource:
    """Return the role that a workflow takes by its own identity: no key of it is stored anywhere."""
    trust = _trust({"Federated": ref("GitHubProvider")}, "sts:AssumeRoleWithWebIdentity")
    trust["Statement"][0]["Condition"] = {
        "StringEquals": {
            f"{_ISSUER}:aud": "sts.amazonaws.com",
            f"{_ISSUER}:sub": sub("repo:${Repository}:ref:refs/heads/${Branch}"),
        }
    }
    return {
        "DeployRole": {
            "Type": "AWS::IAM::Role",
            "Condition": "HasRepository",
            "Properties": {
                "RoleName": sub("${Environment}-speaktracker-deploy"),
                "AssumeRolePolicyDocument": trust,
                "MaxSessionDuration": 3600,
                "Policies": [{"PolicyName": "deploy", "PolicyDocument": _document(*_of_deploys())}],
                "Tags": tags(),
            },
        },
        "StackRole": {
            "Type": "AWS::IAM::Role",
            "Condition": "HasRepository",
            "Properties": {
                "AssumeRolePolicyDocument": _trust({"Service": "cloudformation.amazonaws.com"}, "sts:AssumeRole"),
                "ManagedPolicyArns": [sub("arn:${AWS::Partition}:iam::aws:policy/PowerUserAccess")],
                "Policies": [{"PolicyName": "roles", "PolicyDocument": _document(_of_stacks())}],
                "Tags": tags(),
            },
        },
    }


def _of_deploys() -> Iterator[Resource]:
    """Yield what a deploy needs: its stacks, by a role that CloudFormation takes; its releases; its groups' refresh."""
    stacks = "arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/speaktracker-${Environment}-"
    changes = ["CreateChangeSet", "DeleteChangeSet", "DescribeChangeSet", "ExecuteChangeSet", "DescribeStackEvents"]
    looks = ["DescribeStacks", "GetTemplateSummary"]
    releases = sub_with("arn:${AWS::Partition}:s3:::${Bucket}/releases/*", Bucket=imported("ChatBucketName"))
    groups = "arn:${AWS::Partition}:autoscaling:${AWS::Region}:${AWS::AccountId}:autoScalingGroup:*:"
    named = sub(f"{groups}autoScalingGroupName/${{Environment}}-speaktracker-*")
    yield _allow("Stacks", [f"cloudformation:{one}" for one in (*changes, *looks)], [sub(f"{stacks}*/*")])
    yield _allow("Summaries", ["cloudformation:GetTemplateSummary"], ["*"])
    yield _allow("StackRole", ["iam:PassRole"], [arn_of("StackRole")])
    yield _allow("Releases", ["s3:GetObject", "s3:PutObject"], [releases])
    frontend = sub_with("arn:${AWS::Partition}:s3:::${Bucket}/frontend/*", Bucket=imported("ChatBucketName"))
    yield _allow("Frontend", ["s3:PutObject"], [frontend])
    yield _allow("Groups", ["autoscaling:StartInstanceRefresh", "autoscaling:RollbackInstanceRefresh"], [named])
    yield from _of_verifying()
    yield _allow("SeeGroups", ["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeInstanceRefreshes"], ["*"])


def _of_verifying() -> Iterator[Resource]:
    """Yield what `speaktracker verify --aws` reads: definitions, depths, and the message that it said."""
    table = sub_with(
        "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}",
        Table=imported("ChatTableName"),
    )
    index = sub_with(
        "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}/index/*",
        Table=imported("ChatTableName"),
    )
    bucket = sub_with("arn:${AWS::Partition}:s3:::${Bucket}", Bucket=imported("ChatBucketName"))
    pool = sub_with(
        "arn:${AWS::Partition}:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/${Pool}",
        Pool=imported("CognitoUserPoolId"),
    )
    queues = sub("arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Environment}-*")
    described = [f"dynamodb:Describe{one}" for one in ("ContinuousBackups", "Table", "TimeToLive")]
    settings = ("BucketCORS", "BucketPolicy", "BucketPublicAccessBlock", "LifecycleConfiguration")
    people = ("DescribeUserPool", "DescribeUserPoolClient", "GetGroup", "ListUserPoolClients")
    yield _allow("VerifyTable", ["dynamodb:GetItem", "dynamodb:Query", *described], [table, index])
    yield _allow("VerifyBucket", ["s3:ListBucket", *(f"s3:Get{one}" for one in settings)], [bucket])
    yield _allow("VerifyPeople", [f"cognito-idp:{one}" for one in people], [pool])
    yield _allow("VerifyQueues", ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"], [queues])
    yield _allow("VerifyNumbers", ["cloudwatch:GetMetricData", "cognito-idp:ListUserPools"], ["*"])


def _of_stacks() -> Resource:
    """Return what PowerUserAccess leaves out and the stacks hold: roles, profiles and policies of their own."""
    place = "arn:${AWS::Partition}:iam::${AWS::AccountId}:"
    kinds = ("role", "policy", "instance-profile")
    own = [sub(f"{place}{kind}/speaktracker-${{Environment}}-*") for kind in kinds]
    verbs = [
        *(f"{verb}{kind}" for kind in ("Role", "Policy", "InstanceProfile") for verb in ("Create", "Delete", "Get")),
        *(f"{verb}RolePolicy" for verb in ("Attach", "Delete", "Detach", "Get", "Put")),
        *(f"{verb}PolicyVersion" for verb in ("Create", "Delete", "Get")),
        *("ListPolicyVersions", "ListRolePolicies", "ListAttachedRolePolicies", "PassRole", "TagRole", "UntagRole"),
        *("AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile", "UpdateAssumeRolePolicy", "UpdateRole"),
    ]
    return _allow("OwnRoles", [f"iam:{verb}" for verb in sorted(verbs)], own)


def _outputs(kinds: tuple[Host, ...]) -> Resource:
    found: Resource = {
        profile_name(host): {
            "Condition": host.condition,
            "Value": arn_of(profile_name(host)),
            "Export": {"Name": prefixed(profile_name(host))},
        }
        for host in kinds
    }
    return found | {"DeployRole": {"Condition": "HasRepository", "Value": arn_of("DeployRole")}}


def _trust(principal: Resource, action: str) -> Resource:
    return _document({"Effect": "Allow", "Principal": principal, "Action": action})


def _document(*statements: Resource) -> Resource:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(sid: str, actions: list[str], resources: Sequence[Resource | str]) -> Resource:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": list(resources)}
