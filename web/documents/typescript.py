"""Types for TypeScript, and a small client for browsers, made from both documents.

The types are global, in the namespace `Wire`, so that a script names them without an import. The client's functions
know addresses and forms; how a call is made, with which token and what is done about a refusal, is for the program that
uses them: each takes a `call`, which returns the fields of a success, and of `/rooms` those in its `data`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from web.documents.operations import FORM
from web.documents.telling import JSON

Schema = dict[str, Any]
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
_HEAD = "// Made from the API's documents by `make contracts`; changes to it are lost.\n"
_CALLING = """\
/**
 * @typedef {object} Asked what a call sends beside its method and address
 * @property {Record<string, string>} [path] its parts, which stand in the address already
 * @property {Record<string, string | number | boolean | null | undefined>} [query]
 * @property {object} [body] sent as JSON
 * @property {object} [form] sent as multipart/form-data
 * @property {string} [key] the Idempotency-Key
 * @property {AbortSignal} [signal] gives the call up
 *
 * @typedef {Pick<Asked, "key" | "signal">} Way how a call is made
 *
 * @callback Call
 * @param {string} method
 * @param {string} path
 * @param {Asked} asked
 * @returns {Promise<any>} the fields of a success, without the wrapping of `/rooms`
 */

/** @param {string | number} value */
const part = (value) => encodeURIComponent(value);
"""


def generated(openapi: Schema, asyncapi: Schema) -> dict[str, str]:
    """Return the text of each file by its name."""
    schemas = asyncapi["components"]["schemas"] | openapi["components"]["schemas"]
    types = "\n".join([*(_declared(name, schemas[name]) for name in sorted(schemas)), *_frames(asyncapi)])
    calls = "\n".join(_function(path, method, call, openapi) for path, method, call in _operations(openapi))
    return {
        "types.d.ts": f"{_HEAD}\ndeclare namespace Wire {{\n{types}}}\n",
        "client.js": f"{_HEAD}\n{_CALLING}\n{calls}",
    }


def _operations(openapi: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, calls in openapi["paths"].items():
        for method, call in calls.items():
            if any(JSON in _content(response) for response in call["responses"].values()):
                yield path, method, call


def _declared(name: str, schema: Schema) -> str:
    words = f"/** {_comment(schema['description'])} */\n" if "description" in schema else ""
    if schema.get("type") == "object" and "properties" in schema:
        return f"{words}interface {name} {_object(schema, 0)}\n"
    return f"{words}type {name} = {_type(schema, 0)};\n"


def _comment(text: str) -> str:
    return " ".join(text.split()).replace("*/", "* /")


def _type(schema: Schema, depth: int) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if "enum" in schema:
        return " | ".join(json.dumps(one, ensure_ascii=False) for one in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(one, depth) for one in schema["anyOf"]))
    if schema.get("type") == "array":
        return _array(schema, depth)
    if schema.get("type") == "object":
        return _object(schema, depth)
    return "Blob" if schema.get("format") == "binary" else _PLAIN.get(schema.get("type", ""), "unknown")


def _array(schema: Schema, depth: int) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(_type(one, depth) for one in schema['prefixItems'])}]"
    return f"({_type(schema.get('items', {}), depth)})[]"


def _object(schema: Schema, depth: int) -> str:
    properties = schema.get("properties", {})
    rest = schema.get("additionalProperties")
    if not properties:
        return f"Record<string, {_type(rest, depth) if isinstance(rest, dict) else 'unknown'}>"
    indent = "  " * (depth + 1)
    lines = [_field(name, field, schema, depth) for name, field in properties.items()]
    lines += [f"{indent}[name: string]: unknown;"] if rest is True else []
    return "{\n" + "\n".join(lines) + f"\n{'  ' * depth}}}"


def _field(name: str, field: Schema, schema: Schema, depth: int) -> str:
    indent = "  " * (depth + 1)
    written = name if _IDENTIFIER.fullmatch(name) else json.dumps(name)
    mark = "" if name in schema.get("required", []) else "?"
    words = f"{indent}/** {_comment(field['description'])} */\n" if "description" in field else ""
    return f"{words}{indent}{written}{mark}: {_type(field, depth + 1)};"


def _frames(asyncapi: Schema) -> Iterator[str]:
    """Give a type for all that each channel takes, and one for all that it tells."""
    for channel in asyncapi["channels"]:
        for action, word in (("receive", "Command"), ("send", "Frame")):
            names = [*dict.fromkeys(_names(asyncapi, channel, action))]
            if names:
                yield f"type {channel.capitalize()}{word} = {' | '.join(names)};\n"


def _names(asyncapi: Schema, channel: str, action: str) -> Iterator[str]:
    for name, operation in asyncapi["operations"].items():
        if name.partition(".")[0] != channel:
            continue
        references = operation["messages"] if operation["action"] == action else []
        if action == "send":
            references = [*references, *operation.get("reply", {}).get("messages", [])]
        yield from (str(one["$ref"]).rpartition("/")[2] for one in references)


def _function(path: str, method: str, call: Schema, openapi: Schema) -> str:
    address = re.sub(r"{(\w+)}", r"${part(asked.path.\1)}", path)
    quoted = f"`{address}`" if "${" in address else json.dumps(address)
    asked = _asked(call, openapi)
    is_needed = any(f"{word}:" in asked for word in ("path", "query", "body", "form"))
    lines = [f" * {_comment(call['summary'])}.", " *", " * @param {Call} call"]
    lines += [f" * @param {{{f'{asked} & Way' if asked else 'Way'}}} {'asked' if is_needed else '[asked]'}"]
    lines += [f" * @returns {{Promise<{_answers(call, openapi)}>}}"]
    called = f'call("{method.upper()}", {quoted}, {"asked" if is_needed else "asked ?? {}"})'
    return "/**\n" + "\n".join(lines) + f"\n */\nexport const {call['operationId']} = (call, asked) => {called};\n"


def _asked(call: Schema, openapi: Schema) -> str:
    """Return the type of what is sent, on one line; empty where nothing is."""
    parameters = [one if "name" in one else _named(one, openapi) for one in call.get("parameters", [])]
    parts = [part for place in ("path", "query") if (part := _place(place, parameters))]
    content = call.get("requestBody", {}).get("content", {})
    mark = "" if call.get("requestBody", {}).get("required") and len(content) == 1 else "?"
    parts += [f"body{mark}: Wire.{_type(content[JSON]['schema'], 0)}"] if JSON in content else []
    parts += [f"form{mark}: FormData | Wire.{_type(content[FORM]['schema'], 0)}"] if FORM in content else []
    return f"{{ {', '.join(parts)} }}" if parts else ""


def _place(place: str, parameters: list[Schema]) -> str:
    own = [one for one in parameters if one["in"] == place]
    fields = [
        f"{one['name']}: {_type(one['schema'], 0)}" if one.get("required") else _may_be_absent(one) for one in own
    ]
    mark = "" if any(one.get("required") for one in own) else "?"
    return f"{place}{mark}: {{ {', '.join(fields)} }}" if fields else ""


def _may_be_absent(parameter: Schema) -> str:
    """Return a field of a query that may be left out, as null or as an empty text too: neither is sent."""
    return f'{parameter["name"]}?: {_type(parameter["schema"], 0)} | null | ""'


def _named(reference: Schema, openapi: Schema) -> Schema:
    found: Schema = openapi["components"]["parameters"][reference["$ref"].rpartition("/")[2]]
    return found


def _content(response: Schema) -> Schema:
    found: Schema = response.get("content", {})
    return found


def _answers(call: Schema, openapi: Schema) -> str:
    found = [_content(one)[JSON]["schema"] for one in call["responses"].values() if JSON in _content(one)]
    ways = [_told(way, openapi) for schema in found for way in schema.get("anyOf", [schema])]
    return " | ".join(dict.fromkeys(ways))


def _told(schema: Schema, openapi: Schema) -> str:
    """Return the type of what a call returns: the answer, or what lies in its `data`."""
    name = _type(schema, 0)
    data = openapi["components"]["schemas"][name]["properties"].get("data")
    if data is None:
        return f"Wire.{name}"
    return f"Wire.{_type(data, 0)}" if "$ref" in data else _type(data, 0)
