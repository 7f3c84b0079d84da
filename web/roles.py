"""Permissions: every route and every frame by role, read from the code; `docs/roles.json` is the committed copy.

`python -m web.roles` writes that copy.
"""

from pathlib import Path
from typing import Any

import orjson
from flask import Flask

from shared.kernel.settings import read_settings
from shared.wiring import build_gateway
from web.app import create_app
from web.auth import PUBLIC, SOCKET, needed_role
from web.realtime.dispatch import ACTIONS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "roles.json"
ROLES = ("anybody", "student", "tutor", "operator")
_ALLOWED = {
    None: ("student", "tutor", "operator"),
    "tutor": ("tutor",),
    "operator": ("operator",),
}


def role_table(app: Flask) -> dict[str, Any]:
    """Return which roles may call each route, and which frames each kind of connection takes."""
    routes = {
        f"{method} {rule.rule}": list(_roles_of(app, rule.endpoint))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    }
    frames = {kind.value: sorted(actions.commands) for kind, actions in ACTIONS.items()}
    return {"routes": dict(sorted(routes.items())), "frames": frames}


def text_of(table: dict[str, Any]) -> str:
    """Return the committed form of the table."""
    return orjson.dumps(table, option=orjson.OPT_INDENT_2).decode() + "\n"


def _roles_of(app: Flask, endpoint: str) -> tuple[str, ...]:
    if endpoint in PUBLIC:
        return ROLES
    if endpoint == SOCKET:
        return _ALLOWED[None]
    return _ALLOWED[needed_role(app.view_functions[endpoint])]


if __name__ == "__main__":
    stand_in = read_settings(aws_endpoint_url="http://127.0.0.1:1")
    PAGE.write_text(text_of(role_table(create_app(build_gateway(stand_in)))), "utf-8")
