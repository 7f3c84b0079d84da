"""The two forms of success."""

from typing import Any

import orjson
from flask import Response

from shared.kernel.contract import Contract
from shared.kernel.errors import Text
from shared.kernel.pages import Page
from web.context import gateway, say


def json_response(fields: dict[str, Any], status: int) -> Response:
    """Return fields as JSON."""
    return Response(orjson.dumps(fields), status=status, mimetype="application/json")


Told = Contract | dict[str, Any] | None
"""What is answered: a contract; fields that were one when a worker wrote them, or that are a page of a list."""


def data_answer(message: Text, told: Told, status: int = 200) -> Response:
    """Return an answer of `/rooms`: the fields are wrapped in `data`."""
    data = None if told is None else _fields(told)
    return json_response({"success": True, "message": say(message), "data": data}, status)


def answer(message: Text, told: Told = None, status: int = 200) -> Response:
    """Return an answer of `/api`: the fields stand beside `success` and `message`."""
    return json_response({"success": True, "message": say(message)} | _fields(told), status)


def _fields(told: Told) -> dict[str, Any]:
    return told.wire() if isinstance(told, Contract) else told or {}


def listed(name: str, page: Page[Any], scope: object) -> dict[str, Any]:
    """Return the fields of a list: its items under a name, and the cursor of what follows, bound to the scope."""
    items = [one.wire() if isinstance(one, Contract) else one for one in page.items]
    cursor = gateway().cursors.encode(page.position, scope)
    return {name: items, "nextCursor": cursor, "hasMore": page.position is not None}
