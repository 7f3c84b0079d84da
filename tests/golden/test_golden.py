"""What earlier releases have written is read by today's code: a queue keeps jobs for 14 days, and clients stay old."""

from pathlib import Path
from typing import Any, get_args

import jsonschema_rs
import orjson
import pytest
from pydantic.alias_generators import to_snake

from shared.adapters.sqs_transport import envelope
from shared.catalogue import ANSWERS, EVENTS, JOBS, ROOM_COMMANDS, USER_COMMANDS, job_type_of
from shared.domains.jobs.contract import JobChanged
from shared.domains.turns.models import Said
from shared.kernel import wire
from shared.kernel.contract import Contract
from web.documents.asyncapi import EXAMPLES
from web.realtime.frames import parse_command, parse_object

HERE = Path(__file__).parent
RELEASES = sorted(folder for folder in HERE.iterdir() if (folder / "jobs.jsonl").exists())
COMMANDS = {"room": ROOM_COMMANDS, "user": USER_COMMANDS}

Line = dict[str, Any]


def lines(name: str) -> list[Line]:
    return [orjson.loads(line) for folder in RELEASES for line in (folder / name).read_bytes().splitlines()]


def discriminator(contract: type[Contract]) -> tuple[str, str]:
    """Return the field that says which frame it is, and its value."""
    name = "action" if "action" in contract.model_fields else "type"
    return name, get_args(contract.model_fields[name].annotation)[0]


SHOWN = {discriminator(one): one for one in (*ANSWERS, *EVENTS)}


def check_shown(payload: str | bytes) -> None:
    """Today's contract of that name takes the frame and says all of it again."""
    fields = orjson.loads(payload)
    contract = SHOWN[next((name, fields[name]) for name in ("action", "type") if name in fields)]
    if contract is JobChanged:  # the names of its result lie beside its own
        fields = {name: value for name, value in fields.items() if to_snake(name) in JobChanged.model_fields}
    assert _covers(contract.model_validate(fields, by_alias=True, extra="ignore").wire(), fields)


def test_there_are_vectors() -> None:
    assert [folder.name for folder in RELEASES][:1] == ["0.1.0"]
    assert {line["class"] for line in lines("jobs.jsonl")} >= {"StoreMessages", "AnswerTurn", "RouteDeadLetter"}


@pytest.mark.parametrize("line", lines("jobs.jsonl"), ids=lambda line: line["class"])
def test_a_job_on_a_queue_is_read(line: Line) -> None:
    opened = envelope.read(line["body"])
    (arguments,), _, _ = orjson.loads(opened["body"])
    job_type = job_type_of(opened["headers"]["task"])

    assert job_type is not None
    assert job_type.queue.value == line["queue"]
    job = job_type.read(arguments)
    assert _covers(arguments, line["arguments"])
    assert _covers(job.wire(), arguments)
    assert job.fair_share_group() == line["group"] or line["group"] is None


def _covers(whole: Any, part: Any) -> bool:
    """Whether nothing of `part` is missing in `whole`, which may have grown."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(_covers(whole.get(name), value) for name, value in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(_covers, whole, part))
    return bool(whole == part)


@pytest.mark.parametrize("line", [one for one in lines("frames.jsonl") if one["from"] == "client"], ids=str)
def test_a_frame_of_an_old_client_is_taken(line: Line) -> None:
    commands = {discriminator(one)[1]: one for one in COMMANDS[line["channel"]]}
    fields = parse_object(line["frame"].encode(), is_text=True)

    command = parse_command(dict(fields), commands, "user-1")

    assert _covers(command.wire(), {name: value for name, value in fields.items() if name != "userId"})


@pytest.mark.parametrize("line", [one for one in lines("frames.jsonl") if one["from"] == "gateway"], ids=str)
def test_a_frame_that_clients_know_is_still_written(line: Line) -> None:
    check_shown(line["frame"])


@pytest.mark.parametrize("line", lines("pushes.jsonl"), ids=lambda line: line["what"])
def test_a_push_on_the_bus_is_read(line: Line) -> None:
    parcel = wire.unpack(line["parcel"].encode())

    if line["topic"].startswith("turn:"):
        assert isinstance(parcel, wire.Push)
        assert _covers(Said.model_validate_json(parcel.payload).wire(), orjson.loads(parcel.payload))
    elif isinstance(parcel, wire.Sequenced | wire.Resynced):
        assert parcel.seq == orjson.loads(parcel.payload).get("seq", 7)
        check_shown(parcel.payload)
    elif isinstance(parcel, wire.Push | wire.Confirmable) and not line["topic"].startswith("gateway:"):
        check_shown(parcel.payload)
    else:
        assert isinstance(parcel, wire.Push | wire.Close)


def written_today() -> list[tuple[str, Any]]:
    """Give what this release writes of its examples, by the name of the contract: jobs, answers and events."""
    jobs = {one.__name__: one for one in JOBS}
    shown = {one.__name__: ("answer" if one in ANSWERS else "event") for one in (*ANSWERS, *EVENTS)}
    frames = orjson.loads(EXAMPLES.read_bytes())
    kept = orjson.loads((HERE / "examples.json").read_bytes())["jobs"]
    return [
        *((f"job.{name}", jobs[name].model_validate(fields, by_alias=True).wire()) for name, fields in kept),
        *((f"{kind}.{name}", frame) for name, kind in shown.items() for frame in frames[name]),
    ]


WRITTEN = written_today()


@pytest.mark.parametrize(
    ("release", "contract", "schema"),
    [
        (folder.name, one["contract"], one["schema"])
        for folder in RELEASES
        for one in map(orjson.loads, (folder / "reader.jsonl").read_bytes().splitlines())
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_release_reads_what_is_written_today(release: str, contract: str, schema: dict[str, Any]) -> None:
    """Old workers read a newer gateway's jobs, and old clients its frames; what they do not know they pass over."""
    reader = jsonschema_rs.Draft202012Validator(_passing_over(schema))

    written = [fields for name, fields in WRITTEN if name == contract]

    assert written, contract
    assert [[*reader.iter_errors(fields)] for fields in written] == [[]] * len(written), release


def _passing_over(schema: Any) -> Any:
    """Return a schema that takes fields that it does not name, as every reader of ours does."""
    if isinstance(schema, dict):
        return {
            name: _passing_over(one)
            for name, one in schema.items()
            if name != "additionalProperties" or one is not False
        }
    return [_passing_over(one) for one in schema] if isinstance(schema, list) else schema
