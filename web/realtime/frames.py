"""Frames in and out: JSON to commands, contracts to frames, refusals to error frames."""

import json
import re
from typing import Any

import orjson
from pydantic import ValidationError

from shared.domains.connections.contract import Refused
from shared.domains.messages.models import Message
from shared.kernel.contract import Command, Contract
from shared.kernel.errors import DomainError, Forbidden, Invalid, PayloadTooLarge
from web.realtime.sockets.port import Frame

FRAME_LIMIT = 65_536
REQUEST_ID_LIMIT = 128
IDENTITY_FIELD = "userId"
_READABLE = re.compile(rb'"(requestId|action)"\s*:\s*"([^"\\\x00-\x1f]{1,512})"')
_EDGE = 2_048  # bytes of a frame's beginning and end in which names are looked for where it cannot be read


def frame_of(contract: Contract) -> Frame:
    """Return the frame of an answer or push."""
    return Frame.text(orjson.dumps(contract.wire()))


def ack_frame(request_id: str, message: Message) -> Frame:
    """Return the frame of a MessageAck, written by hand: one goes out for every message."""
    return Frame.text(
        b'{"action":"messageAck","requestId":%s,"messageId":%s,"seq":%d,"createdAt":%s}'
        % (orjson.dumps(request_id), orjson.dumps(message.message_id), message.seq, orjson.dumps(message.created_at))
    )


def error_frame(problem: DomainError, language: str, request_id: str | None) -> Frame:
    """Return the frame that refuses; the code never changes, the sentence follows the language."""
    return frame_of(
        Refused(
            request_id=request_id,
            error=problem.code,
            message=problem.text.localized(language),
            details=problem.details,
            retry_after=problem.retry_after,
        )
    )


def parse_object(message: bytes, is_text: bool) -> dict[str, Any]:
    """Return the object that a frame holds.

    Raises:
        PayloadTooLarge: above 64 KiB.
        Invalid: binary, not JSON, or not an object.
    """
    if len(message) > FRAME_LIMIT:
        raise PayloadTooLarge("A frame takes at most 64 KiB.", "프레임은 64KiB 이하여야 합니다.")
    if not is_text:
        raise Invalid("Frames are text.", "프레임은 텍스트여야 합니다.")
    try:
        fields = orjson.loads(message)
    except orjson.JSONDecodeError as problem:
        raise Invalid("The frame is not JSON.", "프레임이 JSON이 아닙니다.") from problem
    if not isinstance(fields, dict):
        raise Invalid("The frame is not a JSON object.", "프레임이 JSON 객체가 아닙니다.")
    return fields


def salvaged(message: bytes, is_text: bool) -> dict[str, Any]:
    """Return what can be read of a frame that was refused: a client knows by `requestId` what was refused.

    Half an emoji or a number beyond all bounds makes a frame unreadable to us, not to its sender; of a frame
    that is cut or too long, `requestId` and `action` are looked for at its ends.
    """
    if not is_text:
        return {}
    fields: Any = None
    if len(message) <= FRAME_LIMIT:
        try:
            fields = json.loads(message)
        except (ValueError, RecursionError):
            fields = None
    if isinstance(fields, dict):
        return fields
    edges = message if len(message) <= 2 * _EDGE else message[:_EDGE] + message[-_EDGE:]
    return {name.decode(): value.decode(errors="ignore") for name, value in reversed(_READABLE.findall(edges))}


def is_plain(fields: dict[str, Any], names: frozenset[str]) -> bool:
    """Tell whether there are no other names than these, and a usable requestId or none; else `parse_command` judges."""
    return fields.keys() <= names and (fields.get("requestId") is None or request_id_of(fields) is not None)


def request_id_of(fields: dict[str, Any]) -> str | None:
    """Return the requestId where it can be given back: half an emoji cannot."""
    value = fields.get("requestId")
    if not isinstance(value, str) or not 0 < len(value) <= REQUEST_ID_LIMIT:
        return None
    return value if value.isascii() or is_encodable(value) else None


def is_encodable(text: str) -> bool:
    """Tell whether a text has a form in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def parse_command(fields: dict[str, Any], commands: dict[str, type[Command]], user_id: str) -> Command:
    """Return the command that a frame asks for; nulls, and a `userId` that names the caller, are dropped.

    Raises:
        Invalid: the action is unknown, or a field is missing, wrong or unknown; details name it.
        Forbidden: `userId` names somebody else.
    """
    action = fields.get("action")
    command = commands.get(action) if isinstance(action, str) else None
    if command is None:
        raise Invalid("This connection does not know that action.", "이 연결에서 지원하지 않는 action입니다.")
    if fields.pop(IDENTITY_FIELD, user_id) not in (user_id, None):
        raise Forbidden("userId is not yours.", "userId가 본인이 아닙니다.")
    try:
        given = {name: value for name, value in fields.items() if value is not None}
        # As JSON and strictly: true is no number, and "5" none either.
        return command.model_validate_json(orjson.dumps(given), strict=True, by_alias=True, by_name=False)
    except ValidationError as problem:
        raise Invalid(
            "The frame has wrong fields.", "프레임의 필드가 올바르지 않습니다.", details=_details(problem)
        ) from problem


def _details(problem: ValidationError) -> list[dict[str, Any]]:
    errors = problem.errors(include_url=False, include_context=False, include_input=False)
    return [{"field": ".".join(map(str, error["loc"])), "message": error["msg"]} for error in errors]
