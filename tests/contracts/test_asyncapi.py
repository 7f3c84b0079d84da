"""The AsyncAPI document is whole, and its examples are frames as they are."""

import json
from typing import Any

import jsonschema_rs
import pytest

from shared.catalogue import ANSWERS, EVENTS, ROOM_COMMANDS, USER_COMMANDS
from tests.contracts.held import closed, references_of
from web.documents.__main__ import FOLDER, text_of
from web.documents.asyncapi import EXAMPLES, asyncapi_document
from web.documents.closing import CLOSE_CODES

DOCUMENT: dict[str, Any] = asyncapi_document()
FRAMES: dict[str, list[dict[str, Any]]] = json.loads(EXAMPLES.read_text("utf-8"))


def test_the_committed_document_is_current() -> None:
    assert (FOLDER / "asyncapi.json").read_text("utf-8") == text_of(DOCUMENT), "make contracts writes it"


def test_every_reference_leads_somewhere() -> None:
    for reference in {*references_of(DOCUMENT)}:
        target: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
        assert target


def test_everything_of_the_catalogue_is_on_some_channel() -> None:
    shown = {name for channel in DOCUMENT["channels"].values() for name in channel["messages"]}

    assert {one.__name__ for one in (*ROOM_COMMANDS, *USER_COMMANDS, *ANSWERS, *EVENTS)} <= shown


def test_every_message_has_an_example() -> None:
    assert set(FRAMES) == set(DOCUMENT["components"]["messages"])


@pytest.mark.parametrize(("name", "frame"), [(name, one) for name, frames in FRAMES.items() for one in frames])
def test_an_example_is_a_frame(name: str, frame: dict[str, Any]) -> None:
    whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": DOCUMENT["components"]["schemas"]}}

    errors = [*jsonschema_rs.Draft202012Validator(closed(whole), validate_formats=True).iter_errors(frame)]

    assert not errors
    assert frame[next(field for field in ("action", "type") if field in frame)] == _message(name)["name"]


def _message(name: str) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["components"]["messages"][name]
    return found


def test_rooms_tell_nothing_that_is_for_one_person() -> None:
    room, user = DOCUMENT["channels"]["room"]["messages"], DOCUMENT["channels"]["user"]["messages"]

    assert "FeedbackPushed" in user
    assert "FeedbackPushed" not in room
    assert "MessageItem" not in user


def test_every_frame_says_what_it_is_answered_by() -> None:
    for name, operation in DOCUMENT["operations"].items():
        assert (operation["action"] == "receive") == ("reply" in operation), name


def test_the_close_codes_of_a_sign_in_that_ended_are_final() -> None:
    final = {one.code for one in CLOSE_CODES if not one.comes_back}

    assert {4401, 4403, 4404, 4429} < final
    assert DOCUMENT["channels"]["room"]["x-close-codes"][0]["code"] == 1000
