"""The OpenAPI document, put together from the application's own routes, contracts and declared answers."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from web.auth import PUBLIC, needed_role
from web.documents.operations import Call, answer_schemas, envelope, operation_of
from web.documents.refusals import failure_responses, failure_schemas
from web.documents.schemas import NameTakenTwice, schemas_of
from web.documents.telling import told_by
from web.documents.version import CONTRACT_VERSION
from web.idempotency import LONGEST_KEY, PATTERN
from web.validation import contracts_of_endpoint

VERSION = "3.1.1"
EXTENSION = "openapi_document"
_INTRODUCTION = """\
Students talk in rooms, practise aloud and converse with an AI partner; tutors watch and help. What people must see at
once comes over the WebSocket at `/ws`, which `/asyncapi.json` describes.

**Signing in.** `POST /api/auth/login` gives an access token, good for an hour, and a refresh token, good for 30 days.
Every call that is not public takes `Authorization: Bearer <accessToken>`.

**Answers.** A success has `success: true` and a `message` for people. Under `/api` its fields stand beside these, under
`/rooms` they lie in `data`. A refusal has `success: false`, a code in `error` that never changes, a `message` and a
`requestId`. Fields may be added to answers: pass over what you do not know.

**Null.** Absent and null mean the same, except in `PATCH`, where null clears. A field that is not described is refused
with its name. Names of enumerations are taken in any letter case, and `userId`, `createdBy` and `studentEmail` of the
caller are taken everywhere.

**Again.** Every `POST` with a token takes an `Idempotency-Key`: for a day, the same key gets the first answer.

**Lists** end with `hasMore: false`; `nextCursor` is opaque, and belongs to the query that it came from.\
"""
_TAGS = {
    "accounts": "Signing up, in and out, one's own sign-ins and profile.",
    "tutoring": "Finding a tutor, deciding, and following students.",
    "rooms": "Where students talk.",
    "messages": "What was said in a room.",
    "feedback": "What tutors tell students.",
    "voice": "Text to speech.",
    "practice": "Sessions, sentences to say, how they were said, and the notebook of mistakes.",
    "AI partner": "Conversations with the AI partner, and what they may cost.",
    "graphs": "Maps of conversations.",
    "jobs": "How far the work is that one has asked for.",
    "notifications": "What one was told, and may read again.",
    "events": "What is pushed to a user, as server-sent events.",
    "operations": "What the person on duty sees and steers.",
    "health": "Whether a process lives, and whether what it needs answers.",
    "documents": "The API's own documents.",
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "For a day, the same key of the same user gets the first answer, and nothing is done again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": PATTERN},
}


def openapi_document(app: Flask) -> dict[str, Any]:
    """Return the document of an application; it is made once a process.

    Raises:
        NameTakenTwice: two contracts or two operations have one name.
    """
    if EXTENSION not in app.extensions:
        app.extensions[EXTENSION] = _document([*calls_of(app)])
    document: dict[str, Any] = app.extensions[EXTENSION]
    return document


def calls_of(app: Flask) -> Iterator[Call]:
    """Give every call of which the application says how it answers, in the order of addresses."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        view = app.view_functions[rule.endpoint]
        if not told_by(view):
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Call(
                method=method.lower(),
                rule=rule.rule,
                view=view,
                view_name=rule.endpoint.rpartition(".")[2],
                contracts=contracts_of_endpoint(app, rule.endpoint),
                tag=_tag(app, rule.endpoint),
                is_public=rule.endpoint in PUBLIC,
                role=needed_role(view),
            )


def _tag(app: Flask, endpoint: str) -> str:
    name = endpoint.rpartition(".")[0]
    blueprint = app.blueprints[name]
    tags = blueprint.abp_tags if isinstance(blueprint, APIBlueprint) else []
    return next((tag.name for tag in tags if isinstance(tag, Tag)), name)


def _document(calls: list[Call]) -> dict[str, Any]:
    _require_different([call.name for call in calls])
    references, schemas = schemas_of(one for call in calls for one in call.wanted())
    paths: dict[str, dict[str, Any]] = {}
    answers: dict[str, Any] = {"Done": envelope({}, []), "DoneData": envelope({"data": {"type": "null"}}, ["data"])}
    for call in calls:
        paths.setdefault(call.path, {})[call.method] = operation_of(call, references, schemas)
        answers |= answer_schemas(call, references, schemas)
    _require_different([*schemas, *answers, *failure_schemas()])
    used = {call.tag for call in calls}
    every = schemas | answers | failure_schemas()
    return {
        "openapi": VERSION,
        "info": {"title": "SpeakTracker", "version": CONTRACT_VERSION, "description": _INTRODUCTION},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": words} for name, words in _TAGS.items() if name in used],
        "paths": paths,
        "components": {
            "schemas": _needed(every, paths),
            "responses": _used_responses(paths),
            "parameters": {"IdempotencyKey": _KEY},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _require_different(names: list[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise NameTakenTwice(", ".join(twice))


def _used_responses(paths: dict[str, Any]) -> dict[str, Any]:
    used = {
        str(response.get("$ref", "")).rpartition("/")[2]
        for calls in paths.values()
        for call in calls.values()
        for response in call["responses"].values()
    }
    return {name: response for name, response in failure_responses().items() if name in used}


def _needed(schemas: dict[str, Any], paths: dict[str, Any]) -> dict[str, Any]:
    """Return the schemas that something refers to, sorted; those of queries are parameters by now."""
    needed: set[str] = set()
    waiting = [*_targets(paths), *_targets(_used_responses(paths))]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += _targets(schemas[name])
    return {name: schemas[name] for name in sorted(needed)}


def _targets(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref" and "/schemas/" in str(inner):
                yield str(inner).rpartition("/")[2]
            else:
                yield from _targets(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _targets(inner)
