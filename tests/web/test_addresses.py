"""An address is that of the rule which names most of it, whatever the method."""

from typing import Any

import pytest

from web.addresses import narrower_rules


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/me/sign-ins/end-others", "POST"),
        ("PATCH", "/api/notebook/export", "GET"),
        ("DELETE", "/api/tutor/students/a@example.com/statistics", "GET"),
        ("DELETE", "/api/tutor/students/a@example.com/results/r1", "GET"),
    ],
)
def test_a_method_that_the_nearest_rule_lacks_is_405(web: Any, method: str, path: str, allowed: str) -> None:
    tutor = web.sign_in(role="tutor")
    answer = web.client.open(path, method=method, headers={"Authorization": f"Bearer {tutor}"})

    assert (answer.status_code, answer.get_json()["error"]) == (405, "METHOD_NOT_ALLOWED")
    assert allowed in answer.headers["Allow"]
    assert method not in answer.headers["Allow"]
    assert method not in web.client.options(path, headers={"Authorization": f"Bearer {tutor}"}).headers["Allow"]


def test_what_the_wider_rule_alone_names_is_its_own(web: Any, student: str) -> None:
    assert web.call("DELETE", "/api/me/sign-ins/other", student).status_code == 404


def test_few_rules_are_looked_at_twice(web: Any) -> None:
    assert 0 < len(narrower_rules(web.app.url_map)) < 12
