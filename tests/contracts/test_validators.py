"""The document says of what is taken just what the validators do: bounds, patterns, formats, null."""

import json
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.catalogue import ROOM_COMMANDS, USER_COMMANDS
from tests.contracts.application import application
from tests.contracts.values import ANYTHING, Schema, values_of
from web.documents.openapi import calls_of
from web.documents.operations import FORM, body_examples
from web.documents.schemas import TAKEN, schemas_of, whole_schema
from web.validation import without_nulls

OUR_OWN_RULES = {"value_error"}
"""What a schema cannot say: a name of letters that look alike, a password for a public room. Words say it."""
MOST = settings(max_examples=10, database=None, deadline=None, suppress_health_check=list(HealthCheck))
QUERIES = {call.contracts.query for call in calls_of(application()) if call.contracts.query is not None}


def bodies() -> list[type[BaseModel]]:
    taken = [call.bodies.items() for call in calls_of(application())]
    found = {contract for items in taken for media, contract in items if media != FORM}
    return sorted(found | {*ROOM_COMMANDS, *USER_COMMANDS}, key=lambda one: one.__name__)


@cache
def schema_of(contract: type[BaseModel]) -> tuple[Schema, Schema]:
    references, definitions = schemas_of([(contract, TAKEN)])
    return definitions[references[contract, TAKEN]["$ref"].rpartition("/")[2]], definitions


@cache
def validator_of(contract: type[BaseModel]) -> jsonschema_rs.Draft202012Validator:
    schema, definitions = schema_of(contract)
    return jsonschema_rs.Draft202012Validator({**schema, "components": {"schemas": definitions}})


def problems_of(contract: type[BaseModel], value: Any) -> tuple[BaseModel | None, set[str]]:
    """Return what the validators make of a body, or the kinds of what is wrong with it."""
    try:
        text = json.dumps(without_nulls(value))
        return contract.model_validate_json(text, strict=True, by_alias=True, by_name=False), set()
    except ValidationError as problem:
        return None, {error["type"] for error in problem.errors()}


@pytest.mark.parametrize("contract", bodies(), ids=lambda one: one.__name__)
@MOST
@given(data=st.data())
def test_what_the_schema_takes_is_accepted(contract: type[BaseModel], data: st.DataObject) -> None:
    value = data.draw(values_of(*schema_of(contract)))
    assert validator_of(contract).is_valid(value), "the strategy gives what the schema takes"

    _, problems = problems_of(contract, value)

    assert problems <= OUR_OWN_RULES, value


@pytest.mark.parametrize("contract", bodies(), ids=lambda one: one.__name__)
@MOST
@given(data=st.data())
def test_what_is_accepted_the_schema_takes(contract: type[BaseModel], data: st.DataObject) -> None:
    value = data.draw(values_of(*schema_of(contract)))
    name = data.draw(st.sampled_from([*contract.model_json_schema()["properties"], "unheardOf"]))
    value[name] = data.draw(ANYTHING)
    accepted, _ = problems_of(contract, value)

    takes = validator_of(contract).is_valid

    if accepted is not None:
        assert takes(value) or takes(without_nulls(value)) or takes(_canonical(accepted)), value


def _canonical(accepted: BaseModel) -> Any:
    """Return what was understood: spaces around it are gone, and names of enumerations are in their own case."""
    return accepted.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)


@pytest.mark.parametrize("contract", sorted(QUERIES, key=lambda one: one.__qualname__), ids=lambda one: one.__name__)
@MOST
@given(data=st.data())
def test_what_the_parameters_take_is_accepted(contract: type[BaseModel], data: st.DataObject) -> None:
    schema = whole_schema(contract)
    value = without_nulls(data.draw(values_of(schema, {})))
    sent = {name: str(one).lower() if isinstance(one, bool) else str(one) for name, one in value.items()}

    assert _kinds_of_problems(contract, sent) <= OUR_OWN_RULES, sent


def _kinds_of_problems(contract: type[BaseModel], sent: dict[str, str]) -> set[str]:
    try:
        contract.model_validate(sent, by_alias=True, by_name=False)
    except ValidationError as problem:
        return {error["type"] for error in problem.errors()}
    return set()


def test_every_body_has_an_example_that_is_taken_as_it_is() -> None:
    examples = body_examples()
    taken = [one for one in bodies() if one not in (*ROOM_COMMANDS, *USER_COMMANDS)]

    assert {one.__name__ for one in taken} == set(examples)
    for contract in taken:
        example = examples[contract.__name__]
        assert validator_of(contract).is_valid(example), contract
        assert problems_of(contract, example)[1] == set(), contract
