"""Every operation shows what is sent and answered, and each example is what the code takes and writes."""

from typing import Any

import jsonschema_rs
import pytest
from pydantic import BaseModel, ValidationError

from shared.domains.notebook.contract import ExportNotebook
from shared.domains.notebook.rules.exporting import export_notebook
from shared.domains.notifications.contract import NotificationPushed
from tests.contracts.application import application
from tests.contracts.held import closed
from web.documents.examples import answer_examples, parameter_examples
from web.documents.openapi import calls_of, openapi_document
from web.documents.telling import told_by
from web.validation import parse, without_nulls

DOCUMENT: dict[str, Any] = openapi_document(application())
CALLS = [*calls_of(application())]
TOLD = {one.contract.__name__: one.contract for call in CALLS for one in told_by(call.view) if one.contract}
ANSWERS = [
    (f"{call['operationId']} {status}", media, body)
    for calls in DOCUMENT["paths"].values()
    for call in calls.values()
    for status, response in call["responses"].items()
    for media, body in response.get("content", {}).items()
]


@pytest.mark.parametrize(("name", "media", "body"), ANSWERS, ids=[f"{name} {media}" for name, media, _ in ANSWERS])
def test_an_answer_has_an_example_that_is_as_its_schema_says(name: str, media: str, body: dict[str, Any]) -> None:
    if media != "application/json":
        return
    shown = [one["value"] for one in body.get("examples", {}).values()] or [body["example"]]
    whole = closed({**body["schema"], "components": {"schemas": DOCUMENT["components"]["schemas"]}})
    validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)

    assert len(shown) == len(body["schema"].get("anyOf", [None])), name
    assert [[*validator.iter_errors(one)] for one in shown] == [[]] * len(shown)


@pytest.mark.parametrize("name", sorted(TOLD))
def test_the_code_takes_the_example_of_what_it_writes(name: str) -> None:
    example = without_nulls(answer_examples()[name])

    assert _problems(TOLD[name], example) <= {"missing"}  # what is null is not written


def _problems(contract: type[BaseModel], example: dict[str, Any]) -> set[str]:
    try:
        contract.model_validate(example, by_alias=True, by_name=False)
    except ValidationError as problem:
        return {error["type"] for error in problem.errors()}
    return set()


def test_there_is_no_example_of_what_nobody_is_told() -> None:
    operations = {call.name for call in CALLS}

    assert set(answer_examples()) - set(TOLD) - operations == set()


def test_what_is_needed_in_an_address_has_an_example_that_is_taken() -> None:
    for call in CALLS:
        for place in ("path", "query"):
            contract: type[BaseModel] | None = getattr(call.contracts, place)
            fields = contract.model_fields if contract is not None else {}
            needed = {str(one.alias) for one in fields.values() if place == "path" or one.is_required()}
            assert contract is None or parse(contract, {name: parameter_examples()[name] for name in needed})


def test_the_stream_and_the_table_are_as_they_are_written() -> None:
    stream = answer_examples()["listenToEvents"]["text/event-stream"]
    fields = dict(line.split(": ", 1) for line in stream.strip().splitlines())
    table = answer_examples()["exportNotebook"]["text/csv"]
    written = export_notebook(ExportNotebook(), "u1", [], decks=None)  # type: ignore[arg-type]

    assert NotificationPushed.model_validate_json(fields["data"]).type == fields["event"]
    assert table.splitlines(keepends=True)[0] == written.decode()
