"""The documents and guides as they are served."""

from typing import Any

import pytest

from shared.domains.graphs.models import LARGEST_EXPORT
from shared.kernel.settings import Settings
from web.app import LARGEST_FRAME
from web.bodies import LARGEST_BODY
from web.documents.guides import FOLDER, GUIDES
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


LIMITS = {
    "requests": ["requests_per_two_seconds"],
    "frames": ["frames_per_two_seconds", "frames_per_two_seconds_per_user"],
    "requests to the AI partner": ["ai_requests_per_minute"],
    "texts to be spoken": ["spoken_texts_per_minute", "spoken_characters_per_minute"],
    "what is uploaded": ["upload_megabytes_per_day"],
    "a day (UTC) of one person": ["daily_tokens", "daily_spoken_characters", "daily_transcribed_seconds"],
    "connections": ["rooms_per_user", "connections_per_user"],
    "a ticket to a room": ["room_token_ttl_seconds"],
}


def test_the_guide_to_limits_says_what_the_settings_do() -> None:
    rows = [line.split(" | ") for line in (FOLDER / "limits.md").read_text("utf-8").splitlines() if " | " in line]
    said = {row[0].removeprefix("| "): row[1] for row in rows}

    for name, settings in LIMITS.items():
        for one in settings:
            assert f"{Settings.model_fields[one].default:,}" in said[name], one
    assert f"{LARGEST_BODY >> 10} KiB" in said["a body"]
    assert f"{LARGEST_EXPORT >> 20} MiB" in said["a body"]
    assert f"{LARGEST_FRAME >> 20} MiB" in said["a frame"]
