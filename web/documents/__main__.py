"""`python -m web.documents` writes both documents, and what browsers need of them, from the code."""

from pathlib import Path
from typing import Any

import orjson

from shared.kernel.settings import read_settings
from shared.wiring import build_gateway
from web.app import create_app
from web.documents.asyncapi import asyncapi_document
from web.documents.openapi import openapi_document
from web.documents.typescript import generated

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "contracts"
GENERATED = Path(__file__).resolve().parents[1] / "static" / "api" / "generated"


def documents() -> dict[str, str]:
    """Return the text of both documents by the name of its file."""
    stand_in = read_settings(aws_endpoint_url="http://127.0.0.1:1")
    app = create_app(build_gateway(stand_in))
    return {"openapi.json": text_of(openapi_document(app)), "asyncapi.json": text_of(asyncapi_document())}


def text_of(document: dict[str, Any]) -> str:
    """Return the committed form of a document: two reviews of one change read alike."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"


def written() -> dict[Path, str]:
    """Return the text of every file that is made."""
    made = documents()
    for_browsers = generated(*(orjson.loads(text) for text in made.values()))
    return {FOLDER / name: text for name, text in made.items()} | {
        GENERATED / name: text for name, text in for_browsers.items()
    }


if __name__ == "__main__":
    GENERATED.mkdir(exist_ok=True)
    for path, text in written().items():
        path.write_text(text, "utf-8")
