"""Who may call what, against the committed table; and that the running application keeps to it."""

import json
import re
from typing import Any

import pytest

from web.roles import PAGE, role_table, text_of

TABLE: dict[str, Any] = json.loads(PAGE.read_text("utf-8"))
NEEDING_A_ROLE = sorted(route for route, roles in TABLE["routes"].items() if "student" not in roles)
NEEDING_A_TOKEN = sorted(route for route, roles in TABLE["routes"].items() if "anybody" not in roles)


def test_the_committed_table_is_current(web: Any) -> None:
    assert text_of(role_table(web.app)) == PAGE.read_text("utf-8"), "make contracts writes it"


def test_every_kind_of_connection_takes_its_frames() -> None:
    assert "ping" in TABLE["frames"]["user"]
    assert "typing" in TABLE["frames"]["room"]
    assert "typing" not in TABLE["frames"]["user"]


def _call(web: Any, route: str, token: str | None) -> int:
    method, _, path = route.partition(" ")
    answer = web.call(method, re.sub(r"<[^>]+>", "some", path), token, json=None if method == "GET" else {})
    return int(answer.status_code)


@pytest.mark.parametrize("route", NEEDING_A_ROLE)
def test_a_student_is_refused_before_anything_else_is_looked_at(web: Any, student: str, route: str) -> None:
    assert _call(web, route, student) == 403


@pytest.mark.parametrize("route", NEEDING_A_TOKEN)
def test_nobody_in_particular_is_refused(web: Any, route: str) -> None:
    if route == "GET /ws":
        pytest.skip("the socket has a handshake of its own")
    assert _call(web, route, None) == 401
