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


def data_answer(message: Text, data: Any, status: int = 200) -> Response:
    """Return an answer of `/rooms`: the fields are wrapped in `data`."""
    return json_response({"success": True, "message": say(message), "data": data}, status)


def answer(message: Text, fields: dict[str, Any] | None = None, status: int = 200) -> Response:
    """Return an answer of `/api`: the fields stand beside `success` and `message`."""
    return json_response({"success": True, "message": say(message)} | (fields or {}), status)


def listed(name: str, page: Page[Any], scope: object) -> dict[str, Any]:
    """Return the fields of a list: its items under a name, and the cursor of what follows, bound to the scope."""
    items = [one.wire() if isinstance(one, Contract) else one for one in page.items]
    cursor = gateway().cursors.encode(page.position, scope)
    return {name: items, "nextCursor": cursor, "hasMore": page.position is not None}
