"""Holds answers to the OpenAPI document: every status is described, and every answer is as its schema says, closed.

The document leaves its answers open, since later releases may add to them. Tests close them: what this release answers
and does not describe is found.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import jsonschema_rs
import orjson

JSON = "application/json"
ELSEWHERE = 308
"""What http is answered where https is wanted, whatever was asked."""
Schema = dict[str, Any]


class Held:
    """A document that answers are held to."""

    def __init__(self, document: Schema) -> None:
        self.document = document
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def problem(self, method: str, path: str, status: int, content_type: str, body: bytes) -> str | None:
        """Return what is not as described; None where all is, or where the address is no part of the API."""
        found = self.operation(method, path)
        if found is None or status == ELSEWHERE:
            return None
        name, operation = found
        response = self._resolved(operation["responses"].get(str(status)))
        if response is None:
            return f"{name}: status {status} is not described"
        content = response.get("content", {})
        media = content_type.partition(";")[0].strip()
        if not content:
            return f"{name} {status}: a body is not described" if body else None
        if media not in content:
            return f"{name} {status}: {media} is not described"
        return self._mismatch(f"{name} {status}", content[media]["schema"], body) if media == JSON else None

    def operation(self, method: str, path: str) -> tuple[str, Schema] | None:
        """Return the operation of a call with its name; those without parameters count first."""
        for pattern, template, calls in self._paths:
            if pattern.fullmatch(path) and method.lower() in calls:
                return f"{method} {template}", calls[method.lower()]
        return None

    @cached_property
    def _paths(self) -> list[tuple[re.Pattern[str], str, Schema]]:
        found = sorted(self.document["paths"].items(), key=lambda one: ("{" in one[0], -len(one[0])))
        return [(re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(path))), path, calls) for path, calls in found]

    def _resolved(self, response: Schema | None) -> Schema | None:
        if response is None or "$ref" not in response:
            return response
        found: Schema = self.document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        return found

    def _mismatch(self, what: str, schema: Schema, body: bytes) -> str | None:
        if what not in self._validators:
            whole = closed({**schema, "components": {"schemas": self.document["components"]["schemas"]}})
            self._validators[what] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        errors = [*self._validators[what].iter_errors(orjson.loads(body))]
        return f"{what}: {'; '.join(_words(one) for one in errors)}" if errors else None


def closed(schema: Any) -> Any:
    """Return a schema whose objects take no fields that it does not name."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(one) for name, one in schema.items()}
    is_object = schema.get("type") == "object" and "properties" in schema
    is_refusal = schema.get("properties", {}).get("success", {}).get("const") is False
    return {"additionalProperties": False} | inner if is_object and not is_refusal else inner


def references_of(value: Any) -> Iterator[str]:
    """Give every reference in a document."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref" and isinstance(inner, str):
                yield inner
            else:
                yield from references_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references_of(inner)


def _words(error: jsonschema_rs.ValidationError) -> str:
    place = "/".join(map(str, error.instance_path))
    return f"/{place}: {error.message[:300]}"
