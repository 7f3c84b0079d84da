"""A change that breaks clients is told from one that they do not notice."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from cli import contracts as command
from cli.contract_changes import Comparison
from cli.contracts import DIRECTORY

Document = dict[str, Any]
OPENAPI: Document = json.loads((DIRECTORY / "openapi.json").read_text("utf-8"))
ASYNCAPI: Document = json.loads((DIRECTORY / "asyncapi.json").read_text("utf-8"))


def schema(document: Document, name: str) -> Document:
    found: Document = document["components"]["schemas"][name]
    return found


def breaks(document: Document, change: Callable[[Document], object]) -> list[str]:
    new = copy.deepcopy(document)
    change(new)
    return [f"{one.place} {one.words}" for one in Comparison(document, new).changes() if one.breaks]


def test_a_document_breaks_nobody_who_knows_it() -> None:
    assert Comparison(OPENAPI, OPENAPI).changes() == []
    assert Comparison(ASYNCAPI, ASYNCAPI).changes() == []


BREAKING: dict[str, tuple[Document, Callable[[Document], object]]] = {
    "an operation goes": (OPENAPI, lambda new: new["paths"]["/rooms"].pop("post")),
    "a field of an answer goes": (OPENAPI, lambda new: schema(new, "RoomItem")["properties"].pop("level")),
    "a field of an answer may be absent": (OPENAPI, lambda new: schema(new, "RoomItem")["required"].remove("level")),
    "a field of an answer has another type": (
        OPENAPI,
        lambda new: schema(new, "RoomItem")["properties"].update(maxMembers={"type": "string"}),
    ),
    "a field is needed": (OPENAPI, lambda new: schema(new, "CreateRoom")["required"].append("description")),
    "a field is not taken": (OPENAPI, lambda new: schema(new, "CreateRoom")["properties"].pop("description")),
    "a text must be shorter": (
        OPENAPI,
        lambda new: schema(new, "CreateRoom")["properties"]["name"].update(maxLength=10),
    ),
    "a value is not taken": (OPENAPI, lambda new: schema(new, "FeedbackKind")["enum"].remove("tip")),
    "a success has another status": (
        OPENAPI,
        lambda new: new["paths"]["/rooms"]["post"]["responses"].update(
            {"200": new["paths"]["/rooms"]["post"]["responses"].pop("201")}
        ),
    ),
    "a token is needed": (OPENAPI, lambda new: new["paths"]["/healthz"]["get"].update(security=[{"bearer": []}])),
    "a parameter goes": (OPENAPI, lambda new: new["paths"]["/rooms"]["get"]["parameters"].pop(0)),
    "a frame goes": (ASYNCAPI, lambda new: new["operations"].pop("room.typing")),
    "a push goes": (
        ASYNCAPI,
        lambda new: new["operations"]["user.push"]["messages"].remove(
            {"$ref": "#/channels/user/messages/FeedbackPushed"}
        ),
    ),
    "a field of a push may be null": (
        ASYNCAPI,
        lambda new: schema(new, "MessageItem")["properties"].update(
            content={"anyOf": [{"type": "string"}, {"type": "null"}]}
        ),
    ),
}


@pytest.mark.parametrize("name", BREAKING)
def test_what_breaks_clients_is_found(name: str) -> None:
    document, change = BREAKING[name]

    assert breaks(document, change)


HARMLESS: dict[str, tuple[Document, Callable[[Document], object]]] = {
    "an answer has one field more": (
        OPENAPI,
        lambda new: schema(new, "RoomItem")["properties"].update(colour={"type": "string"}),
    ),
    "a field may be given": (
        OPENAPI,
        lambda new: schema(new, "CreateRoom")["properties"].update(colour={"type": "string"}),
    ),
    "a text may be longer": (
        OPENAPI,
        lambda new: schema(new, "CreateRoom")["properties"]["name"].update(maxLength=1000),
    ),
    "a refusal more": (OPENAPI, lambda new: new["paths"]["/rooms"]["get"]["responses"].update({"409": {}})),
    "a new operation": (OPENAPI, lambda new: new["paths"].update({"/new": {"get": new["paths"]["/rooms"]["get"]}})),
    "a new push": (
        ASYNCAPI,
        lambda new: new["operations"]["room.push"]["messages"].append(
            {"$ref": "#/channels/room/messages/FeedbackPushed"}
        ),
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_clients_pass_over_breaks_nobody(name: str) -> None:
    document, change = HARMLESS[name]

    assert breaks(document, change) == []


@pytest.fixture
def changed(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Compares documents in which a room's item lost its level with those of today."""

    def compare(version: str) -> int:
        new = copy.deepcopy(OPENAPI)
        schema(new, "RoomItem")["properties"].pop("level")
        new["info"]["version"] = version
        released = tmp_path / "released"
        released.mkdir(exist_ok=True)
        for name, document in (("openapi.json", OPENAPI), ("asyncapi.json", ASYNCAPI)):
            (released / name).write_text(json.dumps(document), "utf-8")
            (tmp_path / name).write_text(json.dumps(new if name == "openapi.json" else document), "utf-8")
        monkeypatch.setattr(command, "DIRECTORY", tmp_path)
        monkeypatch.setattr(command, "RELEASED", released)
        return CliRunner().invoke(command.contracts, ["--released"]).exit_code

    return compare


def test_a_planted_break_is_refused_unless_the_version_says_so(changed: Callable[..., int]) -> None:
    assert changed(OPENAPI["info"]["version"]) == 1
    assert changed("2.0.0") == 0


def test_what_clients_were_given_is_not_broken() -> None:
    answer = CliRunner().invoke(command.contracts, ["--released"])

    assert answer.exit_code == 0, answer.output
