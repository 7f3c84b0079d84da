"""Values that a JSON Schema of ours takes: a strategy for just the words that our documents use."""

import datetime
from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]
TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=60)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**60) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=4,
)


def values_of(schema: Schema, definitions: Schema) -> st.SearchStrategy[Any]:
    """Return what a schema takes."""
    if "$ref" in schema:
        return values_of(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return st.one_of([values_of(one, definitions) for one in schema["anyOf"]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return _of_type(schema, definitions)


def _of_type(schema: Schema, definitions: Schema) -> st.SearchStrategy[Any]:
    match schema.get("type"):
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema.get("minimum", -(2**53) + 1), schema.get("maximum", 2**53 - 1))
        case "number":
            return st.floats(schema.get("minimum", -1e18), schema.get("maximum", 1e18), allow_nan=False)
        case "string":
            return _texts(schema)
        case "array":
            most = min(schema.get("maxItems", 3), 3)
            return st.lists(values_of(schema["items"], definitions), min_size=schema.get("minItems", 0), max_size=most)
        case "object":
            return _objects(schema, definitions)
    return ANYTHING


def _texts(schema: Schema) -> st.SearchStrategy[str]:
    fewest, most = schema.get("minLength", 0), schema.get("maxLength", 100)
    if schema.get("format") in ("date", "date-time"):
        of = st.dates() if schema["format"] == "date" else st.datetimes(timezones=st.just(datetime.UTC))
        return of.map(lambda one: one.isoformat())
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=schema["pattern"].endswith("$")).filter(
            lambda one: fewest <= len(one) <= most
        )
    alphabet = st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])
    short = st.text(alphabet, min_size=fewest, max_size=min(most, max(fewest, 30)))
    longest = st.just("a" * most) if most <= 9_000 else st.nothing()
    return short | longest


def _objects(schema: Schema, definitions: Schema) -> st.SearchStrategy[dict[str, Any]]:
    properties = schema.get("properties", {})
    if not properties:
        inner = schema.get("additionalProperties")
        value = values_of(inner, definitions) if isinstance(inner, dict) else ANYTHING
        return st.dictionaries(TEXT.filter(lambda one: 0 < len(one) <= 64), value, max_size=3)
    required = schema.get("required", [])
    needed = {name: values_of(properties[name], definitions) for name in required}
    others = {name: values_of(one, definitions) for name, one in properties.items() if name not in required}
    made = st.fixed_dictionaries(needed, optional=others)
    return made.filter(lambda one: not _is_refused(schema.get("not"), one))


def _is_refused(schema: Schema | None, value: dict[str, Any]) -> bool:
    """Tell whether `not` refuses an object: it speaks of the presence of fields alone."""
    if schema is None:
        return False
    if "anyOf" in schema:
        return any(_is_refused(one, value) for one in schema["anyOf"])
    if "not" in schema:
        return not _is_refused(schema["not"], value)
    return all(name in value for name in schema["required"])
