"""The documents and guides as they are served."""

from typing import Any

import pytest

from web.documents.guides import GUIDES
from web.documents.openapi import openapi_document


def test_the_documents_are_served_whole_to_anybody(web: Any) -> None:
    served = web.call("GET", "/openapi.json")

    assert served.get_json() == openapi_document(web.app)
    assert web.call("GET", "/asyncapi.json").get_json()["asyncapi"].startswith("3.")


def test_the_page_needs_nothing_from_elsewhere(web: Any) -> None:
    page = web.call("GET", "/docs").text

    assert "docs/main" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "<style" not in page
    assert "style=" not in page


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_served_as_html(web: Any, name: str) -> None:
    answer = web.call("GET", f"/docs/guides/{name}")

    assert answer.status_code == 200
    assert "<h1>" in answer.text
    assert "style=" not in answer.text.partition("<main>")[2]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_there_is_no_other_guide(web: Any) -> None:
    assert web.call("GET", "/docs/guides/../../auth").status_code == 404
    assert web.call("GET", "/docs/guides/secrets").status_code == 404
