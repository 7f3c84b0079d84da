"""What contracts take is what the table can hold: every field of every command, sent its extremes."""

from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module
from pkgutil import walk_packages
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import AliasChoices, BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from shared import domains
from shared.adapters.dynamodb.items import encode_value
from shared.domains.accounts.contract import RequestProfileImage
from shared.domains.feedback.models import Anchor
from shared.domains.messages.contract import RequestUpload
from shared.kernel.bounds import Storable
from shared.kernel.contract import Command

for found in walk_packages(domains.__path__, f"{domains.__name__}."):
    import_module(found.name)

LARGEST_ITEM = 400 * 1024
RECORDINGS = {"audio_data"}
"""Texts that are kept in the bucket, bounded by the size of a body."""
NUMBERS = [10**40, -(10**40), 1e126, -1e126, 1e300, float("inf"), float("-inf"), float("nan"), 5e-324, 1e-131, 0.1]
DEEP: dict[str, Any] = {}
for _ in range(40):
    DEEP = {"a": DEEP}


def commands() -> list[type[BaseModel]]:
    found, waiting = [], list(Command.__subclasses__())
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        if model.__module__.startswith("shared."):
            found.append(model)
    return sorted({*found, Anchor}, key=lambda model: model.__qualname__)


def fields() -> Iterator[tuple[type[BaseModel], str, FieldInfo]]:
    for model in commands():
        for name, info in model.model_fields.items():
            if name not in RECORDINGS:
                yield model, name, info


def kept(model: type[BaseModel], name: str, value: Any) -> Any:
    """Return what a contract makes of one field's value; None where it refuses it."""
    info = model.model_fields[name]
    choices = info.validation_alias.choices if isinstance(info.validation_alias, AliasChoices) else []
    try:
        return getattr(model.model_validate({name: value}, by_name=True), name)
    except ValidationError as problem:
        wrong = {error["loc"][0] for error in problem.errors() if error["loc"]}
    if wrong & {name, info.alias, *choices}:
        return None
    # Only others are missing: what does the field itself make of it?
    annotated = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    is_model = isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)
    config = None if is_model else ConfigDict(str_max_length=model.model_config.get("str_max_length"))
    try:
        return TypeAdapter(annotated, config=config).validate_python(value)
    except ValidationError:
        return None


def is_storable(value: Any) -> bool:
    """Tell whether DynamoDB takes a value."""
    try:
        encoded = encode_value(value)
    except Exception:  # whatever it raises, it is after the acknowledgement
        return False
    return all(_is_number(Decimal(text)) for text in _numbers(encoded)) and len(str(encoded)) < LARGEST_ITEM


def _numbers(encoded: Any) -> Iterator[str]:
    if isinstance(encoded, dict):
        for kind, inner in encoded.items():
            if kind == "N" and isinstance(inner, str):
                yield inner
            else:
                yield from _numbers(inner)
    elif isinstance(encoded, list):
        for inner in encoded:
            yield from _numbers(inner)


def _is_number(value: Decimal) -> bool:
    return value == 0 or Decimal("1E-130") <= abs(value) <= Decimal("9.9999E+125")


def test_all_commands_are_looked_at() -> None:
    assert len(commands()) > 40


def test_no_command_takes_a_number_that_cannot_be_kept() -> None:
    for model, name, _info in fields():
        for number in NUMBERS:
            value = kept(model, name, number)
            assert value is None or is_storable(to_jsonable_python(value)), (model.__qualname__, name, number)


def test_no_command_takes_a_text_without_bound() -> None:
    for model, name, info in fields():
        if info.annotation is bytes:  # a file, which is counted while it comes
            continue
        value = kept(model, name, "x" * 1_000_000)
        assert value is None or len(str(value)) < 1_000_000, (model.__qualname__, name)


def test_no_command_takes_what_is_nested_too_deeply() -> None:
    for model, name, _info in fields():
        for tree in (DEEP, {"a": ["x" * 500_000]}, {"a": 1e126}, {"a": 5e-324}):
            value = kept(model, name, tree)
            assert value is None or is_storable(to_jsonable_python(value)), (model.__qualname__, name)


trees = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=40,
)


@settings(deadline=None)
@given(tree=some.dictionaries(some.text(max_size=8), trees, max_size=6))
def test_whatever_is_taken_as_storable_is(tree: dict[str, Any]) -> None:
    try:
        taken = TypeAdapter(Storable).validate_python(tree)
    except ValidationError:
        return
    assert is_storable(taken)


@pytest.mark.parametrize(("given_", "stored"), [(1.5, 1.5), (0.0004, 0.0), (5e-324, 0.0), (12.3456, 12.346)])
def test_a_second_is_kept_to_the_millisecond(given_: float, stored: float) -> None:
    assert Anchor(second=given_).second == stored


@pytest.mark.parametrize("model", [RequestUpload, RequestProfileImage])
@pytest.mark.parametrize(("size", "is_taken"), [(0, False), (-1, False), (1, True), (2**53 - 1, True), (2**53, False)])
def test_nothing_is_too_small_to_upload(model: type[BaseModel], size: int, is_taken: bool) -> None:
    assert (kept(model, "size", size) is not None) is is_taken
