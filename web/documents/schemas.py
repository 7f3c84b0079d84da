"""JSON Schemas of contracts as they are on the wire, under names of which no two are the same.

What is taken is described as the validators take it. What is told is described as `Contract.wire` writes it: a field
that may be null is left out where it is, but for those that its class names in `written_when_null`; every other field
is always there; more fields may come with a later release.
"""

import re
from collections.abc import Iterable
from typing import Any, cast

from pydantic import AliasChoices, BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

PLACE = "#/components/schemas/{model}"
TAKEN: JsonSchemaMode = "validation"
TOLD: JsonSchemaMode = "serialization"
Wanted = tuple[type[BaseModel], JsonSchemaMode]
_NULL = {"type": "null"}
_TIME = re.compile(r"(At|_at|Time)$|^timestamp$")
_ADDRESS = re.compile(r"(Url|_url)$|^url$")


class NameTakenTwice(Exception):
    """Two contracts have one name: a client made from the document would mix them up."""


class WireSchema(GenerateJsonSchema):
    """Pydantic's generator, true to how contracts are read and written."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave null out of what is told."""
        return self.generate_inner(schema["schema"]) if self.mode == TOLD else super().nullable_schema(schema)

    def field_is_required(self, field: Any, total: bool) -> bool:
        """Tell whether a field is always there."""
        if self.mode != TOLD or field["type"] != "model-field":
            return super().field_is_required(field, total)
        return not _may_be_null(field["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Give no titles to fields: they repeat the names."""
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Leave defaults out of what is told, and null as a default: absent and null mean the same."""
        made = super().default_schema(schema)
        if self.mode == TOLD or made.get("default", ...) is None:
            made.pop("default", None)
        return made

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        """Describe so many of one kind as a list, which every generator of clients knows."""
        made = super().tuple_schema(schema)
        items = made.pop("prefixItems", [])
        if any(one != items[0] for one in items):
            return made | {"prefixItems": items}
        return made | ({"items": items[0]} if items else {})

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Describe an object: closed where it is taken, open where it is told."""
        made = super().model_schema(schema)
        if self.mode == TOLD:
            made.pop("additionalProperties", None)
            _say_formats(made)
            _write_nulls(made, sorted(getattr(schema["cls"], "written_when_null", ())))
            _spread(made, getattr(schema["cls"], "spread_when_written", None))
        else:
            _add_other_names(made, schema["cls"])
        return made


def schemas_of(wanted: Iterable[Wanted]) -> tuple[dict[Wanted, dict[str, Any]], dict[str, Any]]:
    """Return a reference to each contract's schema, and all schemas by name.

    Raises:
        NameTakenTwice: two different contracts, or enumerations in them, have one name.
    """
    found, definitions = models_json_schema(
        sorted(set(wanted), key=lambda one: (one[0].__module__, one[0].__qualname__, one[1])),
        schema_generator=WireSchema,
        ref_template=PLACE,
    )
    named = definitions.get("$defs", {})
    names = {name: _plain_name(name) for name in named}
    if len(set(names.values())) < len(names):
        raise NameTakenTwice(", ".join(sorted(names)))
    schemas = {names[name]: _renamed(_untitled(schema), names) for name, schema in named.items()}
    references = cast(dict[Wanted, JsonSchemaValue], found)
    return {key: _renamed(one, names) for key, one in references.items()}, dict(sorted(schemas.items()))


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave the title out: it repeats the name, and generators of clients take it for one."""
    return {name: value for name, value in schema.items() if name != "title"}


def whole_schema(contract: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of what is taken with everything in its place, for the parameters of an address."""
    schema = contract.model_json_schema(schema_generator=WireSchema, mode=TAKEN, ref_template="{model}")
    definitions = schema.pop("$defs", {})
    return dict(_in_place(schema, definitions))


def _in_place(value: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        if "$ref" in value:
            rest = {name: one for name, one in value.items() if name != "$ref"}
            return _in_place(definitions[value["$ref"]], definitions) | rest
        return {name: _in_place(one, definitions) for name, one in value.items()}
    return [_in_place(one, definitions) for one in value] if isinstance(value, list) else value


def _may_be_null(schema: Any) -> bool:
    """Tell whether a core schema takes null, under whatever default or serializer it lies."""
    while schema["type"] in ("default", "function-after", "function-before", "function-wrap", "definitions"):
        schema = schema["schema"]
    return bool(schema["type"] == "nullable")


def _say_formats(made: JsonSchemaValue) -> None:
    """Add the formats that names on the wire promise: times end in `At`, addresses in `Url`."""
    for name, field in made.get("properties", {}).items():
        if field.get("type") == "string":
            if _TIME.search(name):
                field["format"] = "date-time"
            elif _ADDRESS.search(name):
                field["format"] = "uri"


def _write_nulls(made: JsonSchemaValue, names: Iterable[str]) -> None:
    for name in names:
        made["properties"][name] = {"anyOf": [made["properties"][name], _NULL]}
        made["required"] = [*made.get("required", []), name]


def _spread(made: JsonSchemaValue, name: str | None) -> None:
    if name is not None:
        del made["properties"][name]
        made["additionalProperties"] = True


def _add_other_names(made: JsonSchemaValue, model: type[BaseModel]) -> None:
    """Describe fields that are taken under one of two names, and never under both.

    It is said by `not`, which generators of clients pass over, where `oneOf` would have them make two classes.
    """
    refused: list[dict[str, Any]] = []
    for field in model.model_fields.values():
        if isinstance(field.validation_alias, AliasChoices):
            names = [str(one) for one in field.validation_alias.choices]
            made["properties"] |= dict.fromkeys(names, made["properties"][names[0]])
            refused.append({"required": names})
            if names[0] in made.get("required", []):
                made["required"] = [one for one in made["required"] if one != names[0]]
                refused.append({"not": {"anyOf": [{"required": [name]} for name in names]}})
    if refused:
        made["not"] = {"anyOf": refused} if len(refused) > 1 else refused[0]


def _plain_name(name: str) -> str:
    """Return the name for a component; pydantic writes `-Input` and `-Output` where the two differ."""
    plain = name.removesuffix("-Output").replace("-Input", "Input")
    if "__" in plain:
        raise NameTakenTwice(plain)
    return plain


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _target(one, names) if key == "$ref" else _renamed(one, names) for key, one in value.items()}
    return [_renamed(one, names) for one in value] if isinstance(value, list) else value


def _target(reference: str, names: dict[str, str]) -> str:
    place, _, name = reference.rpartition("/")
    return f"{place}/{names.get(name, name)}"
