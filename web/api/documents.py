"""The API's own documents, generated from the code, and a page to read them."""

import re
from typing import Any, cast

from flask import Blueprint, Response, current_app, render_template
from flask_openapi.openapi import OpenAPI
from pydantic.alias_generators import to_camel

from web.answers import json_response
from web.api.asyncapi import asyncapi_document
from web.auth import PUBLIC

blueprint = Blueprint("documents", __name__)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Return the OpenAPI document."""
    return json_response(_finished(cast(OpenAPI, current_app).api_doc), 200)


@blueprint.get("/asyncapi.json")
def asyncapi() -> Response:
    """Return the AsyncAPI document."""
    return json_response(asyncapi_document(), 200)


@blueprint.get("/docs")
def docs() -> str:
    """Show a page that renders the document."""
    return render_template("docs.html")


def _finished(document: dict[str, Any]) -> dict[str, Any]:
    """Name the parameters of paths as their contracts do, and say which calls need a token."""
    return document | {"paths": {_named(path): _secured(path, calls) for path, calls in document["paths"].items()}}


def _named(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: f"{{{to_camel(found[1])}}}", path)


def _secured(path: str, calls: dict[str, Any]) -> dict[str, Any]:
    needs_none = any(endpoint in PUBLIC for endpoint in _endpoints(path))
    return calls if needs_none else {method: call | {"security": [{"bearer": []}]} for method, call in calls.items()}


def _endpoints(path: str) -> set[str]:
    """Return the endpoints of a path; all of one path are public, or none is."""
    rules = current_app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if re.sub(r"<(\w+:)?(\w+)>", r"{\2}", rule.rule) == path}
