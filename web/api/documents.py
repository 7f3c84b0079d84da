"""The API's own documents, generated from the code, and pages to read them and to build on them."""

from flask import Blueprint, Response, current_app, render_template

from shared.kernel.errors import NotFound
from web.answers import json_response
from web.documents.asyncapi import asyncapi_document
from web.documents.guides import GUIDES, guide
from web.documents.openapi import openapi_document

blueprint = Blueprint("documents", __name__)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Return the OpenAPI document."""
    return json_response(openapi_document(current_app), 200)


@blueprint.get("/asyncapi.json")
def asyncapi() -> Response:
    """Return the AsyncAPI document."""
    return json_response(asyncapi_document(), 200)


@blueprint.get("/docs")
def docs() -> str:
    """Show a page that renders both documents."""
    return render_template("docs.html", title="References", guides=GUIDES, content=None)


@blueprint.get("/docs/guides/<name>")
def docs_guide(name: str) -> str:
    """Show a guide."""
    content = guide(name)
    if content is None:
        raise NotFound("Not found", "찾을 수 없습니다.")
    return render_template("docs.html", title=GUIDES[name], guides=GUIDES, content=content)
