"""What each type of process is allowed to ask of AWS: decided here, and held against what the code asks."""

from dataclasses import dataclass

TABLE = frozenset({"BatchGetItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"})
OBJECTS = frozenset({"DeleteObject", "GetObject", "ListBucket", "PutObject"})
LARGE_OBJECTS = OBJECTS | {"AbortMultipartUpload"}
LOOKING = frozenset({"GetQueueAttributes", "GetQueueUrl"})
TRANSCRIBE = frozenset(
    {
        "DeleteTranscriptionJob",
        "GetTranscriptionJob",
        "StartStreamTranscriptionWebSocket",
        "StartTranscriptionJob",
    }
)
ANY = "*"
"""Every queue of the catalogue."""


@dataclass(frozen=True)
class Allowed:
    """Actions by service; `sends` names queues beside those that the process reads, and their dead letters."""

    sends: tuple[str, ...]
    table: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    looks: frozenset[str] = LOOKING
    reads_dead_letters: bool = False
    people: frozenset[str] = frozenset()
    polly: frozenset[str] = frozenset()
    transcribe: frozenset[str] = frozenset()
    bedrock: frozenset[str] = frozenset()
    cloudwatch: frozenset[str] = frozenset()
    mails: bool = False
    pages: bool = False
    secrets: tuple[str, ...] = ("CursorKey",)


ALLOWED: dict[str, Allowed] = {
    "web": Allowed(
        sends=(ANY,),  # an operator's replay goes to any
        table=TABLE | {"BatchWriteItem"},
        objects=LARGE_OBJECTS,  # an export for a map is streamed in parts
        people=frozenset(
            {
                "AdminDeleteUser",
                "AdminDisableUser",
                "AdminEnableUser",
                "AdminGetUser",
                "AdminSetUserPassword",
                "AdminUserGlobalSignOut",
            }
        ),
        cloudwatch=frozenset({"GetMetricData"}),
    ),
    "worker-persistence": Allowed(
        sends=("dead-letters",),
        table=TABLE | {"BatchWriteItem"},
        objects=LARGE_OBJECTS,  # archives of what is kept of a person
        people=frozenset({"AdminDeleteUser"}),
        mails=True,
        pages=True,
    ),
    "worker-tts": Allowed(
        sends=("dead-letters", "persistence"),
        table=TABLE | {"BatchWriteItem"},
        objects=OBJECTS,
        polly=frozenset({"SynthesizeSpeech"}),
    ),
    "worker-ai": Allowed(
        sends=("dead-letters", "persistence", "tts", "tts-long"),
        table=TABLE,
        objects=OBJECTS,
        transcribe=TRANSCRIBE,
        bedrock=frozenset({"ApplyGuardrail", "InvokeModel", "InvokeModelWithResponseStream"}),
    ),
    "worker-speech": Allowed(
        sends=("dead-letters", "persistence"),
        table=TABLE,
        objects=OBJECTS,
        transcribe=TRANSCRIBE,
    ),
    "worker-graphs": Allowed(
        sends=("dead-letters", "graph-results"),
        table=TABLE,
        objects=LARGE_OBJECTS,
        bedrock=frozenset({"ApplyGuardrail", "InvokeModel"}),  # names of clusters, where GRAPH_NAMES says so
    ),
    "worker-graph-results": Allowed(
        sends=("dead-letters",),
        table=TABLE,
        objects=LARGE_OBJECTS,
    ),
    "dead-letters": Allowed(
        sends=(ANY,),  # replays
        table=TABLE,
        objects=OBJECTS - {"DeleteObject"},
        reads_dead_letters=True,
        cloudwatch=frozenset({"GetMetricData", "PutMetricData"}),
    ),
    "beat": Allowed(sends=("dead-letters", "persistence"), looks=LOOKING),
    "flower": Allowed(sends=(ANY,), secrets=("CursorKey", "FlowerPassword")),
}
