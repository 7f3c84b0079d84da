"""What browsers get of the documents is made from them, and current."""

import re

from tests.contracts.application import application
from web.documents.__main__ import GENERATED
from web.documents.asyncapi import asyncapi_document
from web.documents.openapi import openapi_document
from web.documents.typescript import generated

MADE = generated(openapi_document(application()), asyncapi_document())


def test_the_committed_files_are_current() -> None:
    assert {name: (GENERATED / name).read_text("utf-8") for name in MADE} == MADE, "make contracts writes them"


def test_a_type_says_what_may_be_absent_and_what_it_may_be() -> None:
    types = MADE["types.d.ts"]

    assert "interface RoomItem {" in types
    assert "  maxMembers: number;\n" in types
    assert "  description?: string;\n" in types
    assert 'type Role = "student" | "tutor";' in types
    assert "  session_id: string | null;\n" in types


def test_every_channel_has_a_type_for_each_direction() -> None:
    types = MADE["types.d.ts"]

    assert "type RoomCommand = " in types
    assert "type UserFrame = " in types
    assert "type EventsFrame = " in types


def test_a_call_knows_its_method_address_and_body() -> None:
    client = MADE["client.js"]

    assert (
        'export const joinRoom = (call, asked) => call("POST", `/rooms/${part(asked.path.roomId)}/join`, asked);'
        in client
    )
    assert "@param {{ path: { roomId: string }, body?: Wire.JoinRoom } & Way} asked" in client
    assert "@returns {Promise<Wire.RoomJoined>}" in client
    assert 'export const listRooms = (call, asked) => call("GET", "/rooms", asked ?? {});' in client


def test_the_web_client_makes_its_calls_by_what_is_generated() -> None:
    scripts = [one for one in GENERATED.parents[1].rglob("*.js") if not {"vendor", "docs", "generated"} & {*one.parts}]
    own = [one.name for one in scripts if re.search(r"\b(call|request)\(\s*[\"`]", one.read_text("utf-8"))]

    assert len(scripts) > 50
    assert own == []
