"""`python -m web.documents` writes docs/contracts/openapi.json and asyncapi.json from the code."""

from pathlib import Path
from typing import Any

import orjson

from shared.kernel.settings import read_settings
from shared.wiring import build_gateway
from web.app import create_app
from web.documents.asyncapi import asyncapi_document
from web.documents.openapi import openapi_document

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "contracts"


def documents() -> dict[str, str]:
    """Return the text of both documents by the name of its file."""
    stand_in = read_settings(aws_endpoint_url="http://127.0.0.1:1")
    app = create_app(build_gateway(stand_in))
    return {"openapi.json": text_of(openapi_document(app)), "asyncapi.json": text_of(asyncapi_document())}


def text_of(document: dict[str, Any]) -> str:
    """Return the committed form of a document: two reviews of one change read alike."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"


if __name__ == "__main__":
    for name, text in documents().items():
        (FOLDER / name).write_text(text, "utf-8")
