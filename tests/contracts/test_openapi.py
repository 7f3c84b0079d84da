"""The OpenAPI document is whole, valid, and made from the code."""

from collections import Counter
from enum import StrEnum
from typing import Any, Literal

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.kernel.contract import Contract
from tests.contracts.application import application
from tests.contracts.held import references_of
from web.auth import PUBLIC
from web.documents.__main__ import FOLDER, text_of
from web.documents.openapi import openapi_document
from web.documents.refusals import CODES
from web.documents.schemas import TOLD, NameTakenTwice, schemas_of
from web.documents.telling import told_by

DOCUMENT: dict[str, Any] = openapi_document(application())
CALLS = [(f"{method} {path}", call) for path, calls in DOCUMENT["paths"].items() for method, call in calls.items()]


def test_the_committed_document_is_current() -> None:
    assert (FOLDER / "openapi.json").read_text("utf-8") == text_of(DOCUMENT), "make contracts writes it"


def test_it_is_valid() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()  # type: ignore[arg-type]


def test_every_reference_leads_somewhere() -> None:
    for reference in {*references_of(DOCUMENT)}:
        target: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
        assert target


def test_every_address_of_the_api_is_described() -> None:
    app = application()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/api", "/rooms")):
            assert told_by(app.view_functions[rule.endpoint]), rule.rule


@pytest.mark.parametrize(("name", "call"), CALLS, ids=[name for name, _ in CALLS])
def test_every_operation_says_all_of_its_answers(name: str, call: dict[str, Any]) -> None:
    statuses = set(call["responses"])

    assert any(status.startswith("2") for status in statuses)
    assert {"400", "429", "500", "503"} <= statuses
    assert ("401" in statuses) or not call["security"]
    assert ("404" in statuses) == ("{" in name) or "{" not in name
    assert all(int(status) in CODES or status.startswith("2") for status in statuses)
    assert call["summary"]


def test_every_operation_has_a_name_of_its_own() -> None:
    names = Counter(call["operationId"] for _, call in CALLS)

    assert names.most_common(1)[0][1] == 1


def test_who_needs_no_token_is_said_by_the_same_list_that_lets_them_in() -> None:
    free = {call["operationId"] for _, call in CALLS if not call["security"]}

    assert {"login", "register", "healthz"} <= free
    assert len(free) == len([one for one in PUBLIC if told_by(application().view_functions[one])])


def test_a_role_is_that_of_accounts() -> None:
    schemas = DOCUMENT["components"]["schemas"]

    assert schemas["Register"]["properties"]["role"] == {"$ref": "#/components/schemas/Role"}
    assert set(schemas["Role"]["enum"]) == {"student", "tutor"}


def test_two_contracts_of_one_name_are_refused() -> None:
    def one() -> type[Contract]:
        class Twin(Contract):
            kind: Literal["a"]

        return Twin

    def other() -> type[Contract]:
        class Twin(Contract):
            kind: Literal["b"]

        return Twin

    with pytest.raises(NameTakenTwice):
        schemas_of([(one(), TOLD), (other(), TOLD)])


class Colour(StrEnum):
    """A colour."""

    RED = "red"


def test_what_is_told_has_what_is_always_there_and_null_where_it_is_written() -> None:
    class Told(Contract):
        written_when_null = frozenset({"b"})
        a: str | None = None
        b: str | None
        c: int = 3
        d: Colour

    references, schemas = schemas_of([(Told, TOLD)])

    assert references[Told, TOLD] == {"$ref": "#/components/schemas/Told"}
    told = schemas["Told"]
    assert told["properties"]["a"] == {"type": "string"}
    assert told["properties"]["b"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert sorted(told["required"]) == ["b", "c", "d"]
    assert "additionalProperties" not in told
    assert Told(b=None, d=Colour.RED).wire() == {"b": None, "c": 3, "d": "red"}
