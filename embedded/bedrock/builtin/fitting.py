"""Fields made to fit a form's JSON schema, whatever the form asks for."""

from typing import Any

_PLAIN: dict[str, Any] = {"boolean": False, "integer": 0, "number": 0, "null": None}


def fitted(schema: dict[str, Any], value: Any, text: str, root: dict[str, Any] | None = None) -> Any:
    """Return `value` as the schema wants it: fields that it does not know are dropped, those that it wants are made.

    What has to be made is `text` for a string, the first of a list of choices, and else the least that fits.
    """
    root = schema if root is None else root
    schema = _resolved(schema, root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return value if value in schema["enum"] else schema["enum"][0]
    kind = _kind(schema)
    if kind == "object":
        return _object(schema, value if isinstance(value, dict) else {}, text, root)
    if kind == "array":
        return _array(schema, value if isinstance(value, list) else [], text, root)
    if kind == "string":
        return _string(schema, value if isinstance(value, str) else text)
    return value if _is_plain(value, kind) else _least(schema, kind)


def _object(schema: dict[str, Any], value: dict[str, Any], text: str, root: dict[str, Any]) -> dict[str, Any]:
    wanted = schema.get("required", [])
    known: dict[str, Any] = schema.get("properties", {})
    kept = [name for name in known if name in value or name in wanted]
    return {name: fitted(known[name], value.get(name), text, root) for name in kept}


def _array(schema: dict[str, Any], value: list[Any], text: str, root: dict[str, Any]) -> list[Any]:
    items = schema.get("items", {})
    missing = max(0, schema.get("minItems", 0) - len(value))
    return [fitted(items, one, text, root) for one in [*value, *([None] * missing)]][: schema.get("maxItems")]


def _string(schema: dict[str, Any], value: str) -> str:
    return value[: schema.get("maxLength")].ljust(schema.get("minLength", 0), ".")


def _least(schema: dict[str, Any], kind: str) -> Any:
    least = _PLAIN[kind]
    return max(least, schema.get("minimum", least)) if kind in ("integer", "number") else least


def _is_plain(value: Any, kind: str) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and (kind == "number" or isinstance(value, int)) if kind != "null" else value is None


def _resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    for name in ("anyOf", "oneOf", "allOf"):
        if name in schema:
            return _resolved(schema[name][0], root)
    if "$ref" not in schema:
        return schema
    found = root
    for part in schema["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return _resolved(found, root)


def _kind(schema: dict[str, Any]) -> str:
    named = schema.get("type", "object" if "properties" in schema else "string")
    return str(named[0] if isinstance(named, list) else named)
