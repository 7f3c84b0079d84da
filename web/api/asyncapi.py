"""The AsyncAPI document of the WebSocket, generated from the catalogue."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.catalogue import ANSWERS, EVENTS, ROOM_COMMANDS, USER_COMMANDS

VERSION = "3.0.0"
_REFERENCES = "#/components/schemas/{model}"
_CHANNELS = {
    "room": ("roomToken", "A connection in a room, opened once by a RoomToken.", ROOM_COMMANDS),
    "user": ("token", "A user's own channel, opened by an access token.", USER_COMMANDS),
}


def asyncapi_document() -> dict[str, Any]:
    """Return the document: both kinds of connection at `/ws`, what they take, answer and push."""
    sent = (*ANSWERS, *EVENTS)
    every = sorted({*ROOM_COMMANDS, *USER_COMMANDS, *sent}, key=lambda one: one.__name__)
    _, definitions = models_json_schema([(one, "serialization") for one in every], ref_template=_REFERENCES)
    return {
        "asyncapi": VERSION,
        "info": {"title": "SpeakTracker WebSocket", "version": "1"},
        "channels": {name: _channel(name, (*_CHANNELS[name][2], *sent)) for name in _CHANNELS},
        "operations": {name: _operation(name, action) for name, action in _operations().items()},
        "components": {
            "schemas": definitions["$defs"],
            "messages": {one.__name__: _message(one) for one in every},
        },
    }


def _operations() -> dict[str, str]:
    return {f"{verb}_{name}": action for name in _CHANNELS for verb, action in (("take", "receive"), ("push", "send"))}


def _channel(name: str, messages: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    parameter, description, _ = _CHANNELS[name]
    query = {"type": "object", "properties": {parameter: {"type": "string"}}, "required": [parameter]}
    return {
        "address": "/ws",
        "description": description,
        "bindings": {"ws": {"method": "GET", "query": query}},
        "messages": {one.__name__: {"$ref": f"#/components/messages/{one.__name__}"} for one in messages},
    }


def _operation(name: str, action: str) -> dict[str, Any]:
    channel = name.partition("_")[2]
    names = [one.__name__ for one in (_CHANNELS[channel][2] if action == "receive" else (*ANSWERS, *EVENTS))]
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{one}"} for one in names],
    }


def _message(model: type[BaseModel]) -> dict[str, Any]:
    summary = (model.__doc__ or "").partition("\n")[0]
    return {"name": model.__name__, "summary": summary, "payload": {"$ref": f"#/components/schemas/{model.__name__}"}}
