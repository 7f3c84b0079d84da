"""The API's own documents, generated from the code, and a page to read them."""

from typing import cast

from flask import Blueprint, Response, current_app, render_template
from flask_openapi.openapi import OpenAPI

from web.answers import json_response

blueprint = Blueprint("documents", __name__)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Return the OpenAPI document."""
    return json_response(cast(OpenAPI, current_app).api_doc, 200)


@blueprint.get("/docs")
def docs() -> str:
    """Show a page that renders the document."""
    return render_template("docs.html")
