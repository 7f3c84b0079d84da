"""IAM policies of the template, one a type of process, from what each is allowed."""

from collections.abc import Iterable, Iterator, Sequence

from cli.deploying.intrinsics import Resource, imported, logical, ref, sub, sub_with
from cli.deploying.privileges.allowed import ALLOWED, ANY, Allowed
from cli.deploying.privileges.asked import read_queues
from shared.adapters.aws.published_numbers import NAMESPACE
from shared.kernel.queues import POLICIES, Queue, dead_letter_queue_name

QUEUES = tuple(queue.value for queue in Queue)


def policies(programs: dict[str, str]) -> Resource:
    """Return a managed policy for every program of the Procfile, by its logical name."""
    return {
        policy_name(name): {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "Description": sub(f"What {name} of SpeakTracker (${{Environment}}) may ask of AWS"),
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": list(statements(ALLOWED[name], read_queues(command))),
                },
            },
        }
        for name, command in programs.items()
    }


def policy_name(program: str) -> str:
    """Return the logical name of a program's policy."""
    return f"{logical(program)}Policy"


def letters_of(queues: Iterable[str]) -> list[str]:
    """Return the dead-letter queues of queues, of those that have one."""
    return [dead_letter_queue_name(name) for name in queues if POLICIES[Queue(name)].has_dead_letter_queue]


def reads_of(allowed: Allowed, own: Iterable[str]) -> list[str]:
    """Return the queues that a program may receive from."""
    return sorted({*own, *(letters_of(QUEUES) if allowed.reads_dead_letters else ())})


def sends_of(allowed: Allowed, own: Iterable[str]) -> list[str]:
    """Return the queues that a program may send to: what cannot be read goes to its own dead-letter queue."""
    named = QUEUES if ANY in allowed.sends else allowed.sends
    return sorted({*named, *own, *letters_of(own)})


def statements(allowed: Allowed, own: Iterable[str]) -> Iterator[Resource]:
    """Yield the statements of one program that reads its own queues."""
    yield from _of_queues(allowed, sorted(own))
    yield from _of_storage(allowed)
    yield from _of_services(allowed)
    yield _statement(
        "Secrets", "secretsmanager", {"GetSecretValue"}, [imported(f"{name}Arn") for name in allowed.secrets]
    )


def _of_queues(allowed: Allowed, own: list[str]) -> Iterator[Resource]:
    every = sub("arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Environment}-*")
    yield _statement("LookAtQueues", "sqs", allowed.looks, [every])
    if reads := reads_of(allowed, own):
        reading = {"ChangeMessageVisibility", "DeleteMessage", "ReceiveMessage"}
        yield _statement("ReadQueues", "sqs", reading, _queues(reads))
    yield _statement("SendToQueues", "sqs", {"SendMessage"}, _queues(sends_of(allowed, own)))


def _of_storage(allowed: Allowed) -> Iterator[Resource]:
    if allowed.table:
        yield _statement("Table", "dynamodb", allowed.table, [_table(""), _table("/index/*")])
    if allowed.objects:
        yield _statement("Objects", "s3", allowed.objects - {"ListBucket"}, [_bucket("/*")])
        yield _statement("MissingObjects", "s3", {"ListBucket"}, [_bucket("")])
    if allowed.people:
        yield _statement("People", "cognito-idp", allowed.people, [_user_pool()])


def _of_services(allowed: Allowed) -> Iterator[Resource]:
    if allowed.polly:
        yield _statement("Polly", "polly", allowed.polly, ["*"])
    if allowed.transcribe:
        yield _statement("Transcribe", "transcribe", allowed.transcribe, ["*"])
    if allowed.bedrock:
        guardrails = sub("arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:guardrail/*")
        models = allowed.bedrock - {"ApplyGuardrail"}
        yield {**_statement("Model", "bedrock", models, []), "Resource": ref("BedrockModels")}
        yield _statement("Guardrail", "bedrock", allowed.bedrock & {"ApplyGuardrail"}, [guardrails])
    for action in sorted(allowed.cloudwatch):
        own = {"Condition": {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}} if action.startswith("Put") else {}
        yield {**_statement(action.removesuffix("Data"), "cloudwatch", {action}, ["*"]), **own}
    if allowed.mails:
        mails = sub("arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*")
        yield _statement("Mail", "ses", {"SendEmail"}, [mails])
    if allowed.pages:
        yield _statement("Page", "sns", {"Publish"}, [imported("NotificationTopicArn")])


def _queues(names: Iterable[str]) -> list[Resource]:
    return [
        sub(f"arn:${{AWS::Partition}}:sqs:${{AWS::Region}}:${{AWS::AccountId}}:${{Environment}}-{name}")
        for name in names
    ]


def _table(part: str) -> Resource:
    place = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}"
    return sub_with(place + part, Table=imported("ChatTableName"))


def _bucket(part: str) -> Resource:
    return sub_with("arn:${AWS::Partition}:s3:::${Bucket}" + part, Bucket=imported("ChatBucketName"))


def _user_pool() -> Resource:
    place = "arn:${AWS::Partition}:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/${Pool}"
    return sub_with(place, Pool=imported("CognitoUserPoolId"))


def _statement(sid: str, service: str, actions: Iterable[str], resources: Sequence[object]) -> Resource:
    named = [f"{service}:{action}" for action in sorted(actions)]
    return {"Sid": sid, "Effect": "Allow", "Action": named, "Resource": list(resources)}
