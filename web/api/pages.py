"""The web client: its shell at every address of a page, its files, and what a browser installs it by."""

import json
from typing import cast

from flask import Blueprint, Flask, Response, current_app, render_template, request
from werkzeug.exceptions import NotFound

from web.context import browser_language
from web.static_files import StaticFiles

blueprint = Blueprint("pages", __name__)

EXTENSION = "static_files"
ENTRY = "start/main.js"
CACHED = "public, max-age=31536000, immutable"
ICON_SIZES = (192, 512)


def install_static_files(app: Flask) -> None:
    """Read the web client's files, and let templates name them by `asset`."""
    files = StaticFiles()
    app.extensions[EXTENSION] = files
    app.jinja_env.globals["asset"] = files.address


@blueprint.get("/")
@blueprint.get("/app")
@blueprint.get("/app/<path:page>")
def show_shell(page: str = "") -> str:
    """Answer with the same empty page for every address of the client; what is in it, its scripts find out."""
    del page
    return render_template("app.html", modules=_files().needed_by(ENTRY), language=browser_language())


@blueprint.get("/static/<path:name>")
def show_static_file(name: str) -> Response:
    """Answer with a file by the address that names its content; a browser may keep it for a year."""
    del name
    found = _files().at(request.path)
    if found is None:
        raise NotFound
    compressed = found.compressed if request.accept_encodings["gzip"] else None
    response = Response(compressed or found.content, content_type=found.content_type)
    response.headers["Cache-Control"] = CACHED
    if found.compressed:
        response.headers["Vary"] = "Accept-Encoding"
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    return response


@blueprint.get("/manifest.webmanifest")
def show_manifest() -> Response:
    """Answer with what a browser installs the client by."""
    icons = [_icon(f"{size}x{size}", f"icons/icon-{size}.png", "image/png") for size in ICON_SIZES]
    manifest = {
        "id": "/",
        "name": "SpeakTracker",
        "short_name": "SpeakTracker",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#F7F5F0",
        "theme_color": "#F7F5F0",
        "icons": [*icons, _icon("any", "icons/icon.svg", "image/svg+xml")],
    }
    return Response(json.dumps(manifest), mimetype="application/manifest+json")


@blueprint.get("/service-worker.js")
def show_service_worker() -> Response:
    """Answer with the script that keeps the client's own files, and nothing else, for when there is no network."""
    files = _files()
    script = render_template("service-worker.js", version=files.fingerprint(), addresses=files.addresses())
    return Response(script, content_type="text/javascript; charset=utf-8")


def _icon(sizes: str, name: str, content_type: str) -> dict[str, str]:
    return {"src": _files().address(name), "sizes": sizes, "type": content_type, "purpose": "any"}


def _files() -> StaticFiles:
    return cast(StaticFiles, current_app.extensions[EXTENSION])
