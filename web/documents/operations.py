"""One operation of the OpenAPI document: what its view takes, who may call it, and each of its answers."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from web.documents.examples import body_examples, media_example, parameter_examples, told_examples
from web.documents.refusals import referred
from web.documents.schemas import TAKEN, TOLD, Wanted, whole_schema
from web.documents.telling import JSON, Told, headers_read_by, media_taken_by, name_of, refused_by, told_by
from web.validation import Contracts

FORM = "multipart/form-data"
IDEMPOTENCY_KEY = {"$ref": "#/components/parameters/IdempotencyKey"}
ALWAYS = (429, 500, 503)
References = dict[Wanted, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Call:
    """A method of an address, as the application has it; `role` is that which its view needs, if any."""

    method: str
    rule: str
    view: Callable[..., Any]
    view_name: str
    contracts: Contracts
    tag: str
    is_public: bool
    role: str | None

    @property
    def path(self) -> str:
        """Return the address with its parameters named as on the wire."""
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: f"{{{to_camel(found[1])}}}", self.rule)

    @property
    def name(self) -> str:
        """Return the operation's name, of which there is one in the whole document."""
        return name_of(self.view) or to_camel(self.view_name)

    @property
    def is_wrapped(self) -> bool:
        """Tell whether the answer's fields lie in `data`."""
        return self.rule.startswith("/rooms")

    @property
    def bodies(self) -> dict[str, type[BaseModel]]:
        """Return the contracts of the body by media type."""
        taken = media_taken_by(self.view)
        by_media = {JSON: taken.get("json", self.contracts.body), FORM: taken.get("form", self.contracts.form)}
        return {media: contract for media, contract in by_media.items() if contract is not None}

    def answer_name(self, told: Told) -> str:
        """Return the name of the schema of an answer: of the fields, and of the envelope that they lie in."""
        assert told.contract is not None
        return f"{told.contract.__name__}{'Data' if self.is_wrapped else ''}Answer"

    def wanted(self) -> Iterator[Wanted]:
        """Give every contract that the operation refers to."""
        yield from ((contract, TAKEN) for contract in self.bodies.values())
        yield from ((told.contract, TOLD) for told in told_by(self.view) if told.contract is not None)

    def refusals(self) -> set[int]:
        """Return every status with which the call is refused."""
        found = {400, *ALWAYS, *(kind.status for kind in refused_by(self.view))}
        if not self.is_public:
            found |= {401, 403}
        if self.contracts.path is not None:
            found.add(404)
        if self.contracts.path is not None or self.contracts.query is not None:
            found.add(414)
        if self.bodies:
            found |= {408, 413, 415}
        if self.takes_key:
            found.add(409)
        return found

    @property
    def takes_key(self) -> bool:
        """Tell whether an Idempotency-Key makes a difference."""
        return self.method == "post" and not self.is_public


def operation_of(call: Call, references: References, schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the operation object of a call."""
    summary, _, more = inspect.cleandoc(call.view.__doc__ or "").partition("\n")
    described = [" ".join(part.split()) for part in (more.strip(), _who(call)) if part.strip()]
    made: dict[str, Any] = {
        "operationId": call.name,
        "tags": [call.tag],
        "summary": summary.rstrip("."),
        "description": "\n\n".join([summary, *described]),
        "parameters": [*_parameters(call)],
        "requestBody": _body(call, references, schemas),
        "responses": _responses(call) | referred(call.refusals()),
        "security": [] if call.is_public else [{"bearer": []}],
        "x-roles": [call.role] if call.role else None,
    }
    return {name: value for name, value in made.items() if value not in (None, [], "") or name == "security"}


def answer_schemas(call: Call, references: References, schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the schemas of the whole answers of a call by name."""
    return {
        call.answer_name(told): _enveloped(call, told, references, schemas)
        for told in told_by(call.view)
        if told.contract is not None
    }


def _who(call: Call) -> str:
    return {"tutor": "For tutors only.", "operator": "For operators only."}.get(call.role or "", "")


def _parameters(call: Call) -> Iterator[dict[str, Any]]:
    for place in ("path", "query"):
        contract: type[BaseModel] | None = getattr(call.contracts, place)
        if contract is not None:
            yield from _fields_as_parameters(place, whole_schema(contract))
    for name, words in headers_read_by(call.view):
        yield {"name": name, "in": "header", "description": words, "schema": {"type": "string"}}
    if call.takes_key:
        yield IDEMPOTENCY_KEY


def _fields_as_parameters(place: str, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        plain = _without_null(field)
        words = plain.pop("description", None)
        made = {"name": name, "in": place, "required": place == "path" or name in required, "schema": plain}
        if place == "path":
            plain.setdefault("minLength", 1)
        if made["required"]:
            made |= {"example": parameter_examples()[name]} if name in parameter_examples() else {}
        yield made | ({"description": words} if words else {})


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    """Return a field's schema without null, which an address cannot say."""
    found = [one for one in field.get("anyOf", []) if one != {"type": "null"}]
    if not found or len(found) == len(field["anyOf"]):
        return dict(field)
    rest = {name: value for name, value in field.items() if name != "anyOf"}
    return rest | (found[0] if len(found) == 1 else {"anyOf": found})


def _body(call: Call, references: References, schemas: dict[str, Any]) -> dict[str, Any] | None:
    if not call.bodies:
        return None
    content = {media: _media(contract, references) for media, contract in call.bodies.items()}
    needed = any(_needs_fields(schemas[_name(references[one, TAKEN])]) for one in call.bodies.values())
    return {"content": content, "required": needed}


def _media(contract: type[BaseModel], references: References) -> dict[str, Any]:
    example = body_examples().get(contract.__name__)
    return {"schema": references[contract, TAKEN]} | ({} if example is None else {"example": example})


def _needs_fields(schema: dict[str, Any]) -> bool:
    refused = schema.get("not", {})
    return bool(schema.get("required")) or any("not" in one for one in refused.get("anyOf", [refused]))


def _responses(call: Call) -> dict[str, Any]:
    by_status: dict[int, list[Told]] = {}
    for told in told_by(call.view):
        by_status.setdefault(told.status, []).append(told)
    return {str(status): _response(call, by_status[status]) for status in sorted(by_status)}


def _response(call: Call, ways: list[Told]) -> dict[str, Any]:
    """Return the response of a status; where it is one of several contracts, any of them."""
    words = " Or: ".join(one.words or _words_of(one) for one in ways)
    told = [one for one in ways if not one.words]
    schemas = [{"$ref": f"#/components/schemas/{_answer_name(call, one)}"} for one in told]
    media = [one.partition(";")[0] for way in ways if way.words for one in way.media]
    content = {one: {"schema": {"type": "string"}} | media_example(call.name, one) for one in media}
    if schemas:
        names = [one.contract.__name__ if one.contract is not None else None for one in told]
        content[JSON] = {"schema": schemas[0] if len(schemas) == 1 else {"anyOf": schemas}}
        content[JSON] |= told_examples(names, is_wrapped=call.is_wrapped)
    return {"description": words} | ({"content": content} if content else {})


def _words_of(told: Told) -> str:
    return " ".join(inspect.cleandoc(told.contract.__doc__ or "").split()) if told.contract is not None else "Done."


def _answer_name(call: Call, told: Told) -> str:
    if told.contract is not None:
        return call.answer_name(told)
    return "DoneData" if call.is_wrapped else "Done"


def _enveloped(call: Call, told: Told, references: References, schemas: dict[str, Any]) -> dict[str, Any]:
    assert told.contract is not None
    reference = references[told.contract, TOLD]
    if call.is_wrapped:
        return envelope({"data": reference}, ["data"])
    fields = schemas[_name(reference)]
    return envelope(fields.get("properties", {}), fields.get("required", [])) | (
        {"additionalProperties": True} if fields.get("additionalProperties") is True else {}
    )


def envelope(fields: dict[str, Any], required: list[str]) -> dict[str, Any]:
    """Return the schema of a success with these fields beside `success` and `message`."""
    own = {
        "success": {"type": "boolean", "const": True},
        "message": {"type": "string", "description": "A sentence for people, in the reader's language."},
    }
    return {"type": "object", "properties": own | fields, "required": [*own, *required]}


def _name(reference: dict[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]
