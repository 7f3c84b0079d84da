"""The AsyncAPI document: both kinds of WebSocket and the event stream, made from the catalogue of the wire."""

import inspect
import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from shared.catalogue import ANSWERS, EVENTS, ROOM_COMMANDS, USER_COMMANDS
from shared.domains.connections.contract import Closing, Connected, Refused
from shared.domains.messages.contract import (
    MessageAck,
    MessageItem,
    Ping,
    Pong,
    PostMessage,
    PresenceChanged,
    PresenceList,
    Resumed,
    ResumeRoom,
    Resync,
    RoomResynced,
    ShowPresence,
    ShowTyping,
    TypingShown,
)
from shared.domains.rooms.contract import RoomClosed
from shared.domains.turns.contract import (
    AskPartner,
    EndSpeech,
    MessageDelta,
    MessageResponse,
    SendSpeech,
    SpeechAck,
    StartSpeech,
    StopPartner,
)
from shared.kernel.contract import Contract, Event
from web.documents.closing import close_codes
from web.documents.schemas import TAKEN, TOLD, schemas_of
from web.documents.streams import StreamPaused, StreamResynced
from web.documents.version import CONTRACT_VERSION

VERSION = "3.0.0"
Contracts = tuple[type[Contract], ...]
EXAMPLES = Path(__file__).with_name("frames.json")
_INTRODUCTION = """\
One address, two kinds of connection: in a room, by a ticket that `POST /rooms/{roomId}/join` gives, and a person's own
channel, by an access token. Frames are JSON objects. What clients send carries `action`; an optional `requestId` comes
back in every answer. Answers carry `action` too, and what the platform says by itself carries `type`.

A frame is 64 KiB at most; 40 in any 2 s are taken from a connection, 120 from a person. Whatever is wrong with one is
answered by `error`, and the connection stays open. The gateway pings every 25 s. Pass over what you do not know.\
"""
_ROOM_ANSWERS = (Connected, MessageAck, Pong, PresenceList, Refused, Resumed, Resync)
_ROOM_EVENTS = (Closing, MessageItem, PresenceChanged, RoomClosed, RoomResynced, TypingShown)
_USER_ANSWERS = (Connected, MessageDelta, MessageResponse, Pong, Refused, SpeechAck)
_IN_ROOMS_ONLY = (MessageItem, PresenceChanged, RoomClosed, RoomResynced, TypingShown)
_REPLIES: dict[type[Contract], tuple[type[Contract], ...]] = {
    AskPartner: (MessageDelta, MessageResponse),
    EndSpeech: (MessageDelta, MessageResponse),
    Ping: (Pong, Refused),
    PostMessage: (MessageAck, Refused),
    ResumeRoom: (Resumed, Resync, Refused),
    ShowPresence: (PresenceList, Refused),
    ShowTyping: (Refused,),
    SendSpeech: (Refused,),
    StartSpeech: (SpeechAck, MessageDelta, MessageResponse),
    StopPartner: (MessageResponse, Refused),
}
"""What each frame is answered by; one that is not named here, by an error at most."""


@cache
def asyncapi_document() -> dict[str, Any]:
    """Return the document; it is made once a process."""
    user_events: Contracts = tuple(one for one in EVENTS if one not in _IN_ROOMS_ONLY)
    streamed: Contracts = (*(one for one in user_events if one is not Closing), StreamPaused, StreamResynced)
    taken: Contracts = tuple(dict.fromkeys((*ROOM_COMMANDS, *USER_COMMANDS)))
    told: Contracts = (*ANSWERS, *EVENTS, StreamPaused, StreamResynced)
    references, schemas = schemas_of([*((one, TAKEN) for one in taken), *((one, TOLD) for one in told)])
    messages = {one.__name__: _message(one, references[one, TAKEN]) for one in taken}
    messages |= {one.__name__: _message(one, references[one, TOLD]) for one in told}
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "SpeakTracker, live",
            "version": CONTRACT_VERSION,
            "description": _INTRODUCTION,
            "tags": [{"name": "live", "description": "What comes at once."}],
        },
        "defaultContentType": "application/json",
        "servers": {"gateway": _server("wss"), "http": _server("https")},
        "channels": {
            "room": _socket("room", "roomToken", (*ROOM_COMMANDS, *_ROOM_ANSWERS, *_ROOM_EVENTS)),
            "user": _socket("user", "token", (*USER_COMMANDS, *_USER_ANSWERS, *user_events)),
            "events": _stream(streamed),
        },
        "operations": _operations("room", ROOM_COMMANDS, (Connected, *_ROOM_EVENTS))
        | _operations("user", USER_COMMANDS, (Connected, *user_events))
        | _operations("events", (), streamed),
        "components": {"schemas": schemas, "messages": messages},
    }


_TITLES = {
    "room": "A connection in a room. It is opened once by a ticket, and lives for 10 minutes without activity.",
    "user": "A person's own channel: the AI partner, feedback, notifications, jobs. At most five at once.",
}


def _server(protocol: str) -> dict[str, Any]:
    return {
        "host": "{host}",
        "protocol": protocol,
        "variables": {"host": {"default": "localhost:8000", "description": "Where the gateway answers."}},
    }


def _socket(name: str, parameter: str, messages: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    query = {"type": "object", "properties": {parameter: {"type": "string"}}, "required": [parameter]}
    return {
        "address": "/ws",
        "title": name,
        "description": _TITLES[name],
        "servers": [{"$ref": "#/servers/gateway"}],
        "messages": _referred(messages),
        "bindings": {"ws": {"method": "GET", "query": query, "bindingVersion": "0.1.0"}},
        "x-close-codes": close_codes(),
    }


def _stream(messages: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    return {
        "address": "/api/events",
        "title": "events",
        "description": "Server-sent events: an event's name is the push's `type`, its data the push. `Last-Event-ID` "
        "goes on from there; a comment comes every 15 s.",
        "servers": [{"$ref": "#/servers/http"}],
        "messages": _referred(messages),
    }


def _referred(messages: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    return {one.__name__: {"$ref": f"#/components/messages/{one.__name__}"} for one in messages}


def _operations(
    channel: str, commands: tuple[type[Contract], ...], pushed: tuple[type[Contract], ...]
) -> dict[str, Any]:
    """Return an operation a frame that clients send, and one for all that comes by itself."""
    found = {f"{channel}.{_wire_name(one)[1]}": _taking(channel, one) for one in commands}
    said = {
        "action": "send",
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": "What the platform says by itself",
        "description": "What the platform says by itself, whenever there is something to say.",
        "messages": _in_channel(channel, pushed),
    }
    return found | {f"{channel}.push": said}


def _taking(channel: str, command: type[Contract]) -> dict[str, Any]:
    replies = _REPLIES.get(command, (Refused,))
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": _summary(command).rstrip("."),
        "description": " ".join(inspect.cleandoc(command.__doc__ or "").split()),
        "messages": _in_channel(channel, (command,)),
        "reply": {"channel": {"$ref": f"#/channels/{channel}"}, "messages": _in_channel(channel, replies)},
    }


def _in_channel(channel: str, messages: tuple[type[Contract], ...]) -> list[dict[str, str]]:
    return [{"$ref": f"#/channels/{channel}/messages/{one.__name__}"} for one in messages]


def _message(model: type[Contract], reference: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": _wire_name(model)[1],
        "title": model.__name__,
        "summary": _summary(model),
        "payload": reference,
    }
    if "request_id" in model.model_fields:
        made["correlationId"] = {"location": "$message.payload#/requestId"}
    examples = [{"payload": one} for one in _examples().get(model.__name__, [])]
    return made | ({"examples": examples} if examples else {})


@cache
def _examples() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(EXAMPLES.read_text("utf-8"))
    return found


def _wire_name(model: type[Contract]) -> tuple[str, str]:
    """Return the field that says which frame this is, and what it says."""
    field = "type" if issubclass(model, Event) else "action"
    name: str = model.model_fields[field].annotation.__args__[0]  # type: ignore[union-attr]
    return field, name


def _summary(model: type[BaseModel]) -> str:
    return inspect.cleandoc(model.__doc__ or "").partition("\n")[0]
