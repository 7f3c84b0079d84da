"""Requests that the document allows, and many that it does not, against the running platform: schemathesis.

No answer is a 5xx, none has a status or a form that the document does not describe, and nothing is accepted that it
refuses. Each role is bounded to some seconds, so that the whole stays below a minute. The requests are the same each
time, unless `SEED` names another beginning.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.flows.people import People, Person
from tests.flows.platform import Platform

SECONDS = {"student": 20, "tutor": 8, "operator": 10}
ENDLESS = {"listenToEvents"}
"""An event stream goes on until its client ends it."""
ENDING = {"logout", "eraseAccount", "endOtherSignIns", "endSignIn", "changePassword", "reset"}
"""They would end what the run signs in by; flows of their own try them."""
LIMIT = "80/s"
NAMED = ("--seed", os.environ.get("SEED", ""), "--generation-database", "none")
SEEDED = NAMED if "SEED" in os.environ else ("--generation-deterministic",)
LEFT_TO_OTHERS = "positive_data_acceptance,negative_data_rejection,missing_required_header,unsupported_method"
"""An address that is too long is refused before anything else is looked at (414). Rules that no schema can say (a code
that is wrong, a recording that nobody can read) refuse what it allows; that the validators themselves take just what it
says is held in `tests/contracts/test_validators.py`."""


def document_for(role: str) -> dict[str, Any]:
    """Return the part of the document that a role alone may call; of students, whatever needs no role."""
    whole: dict[str, Any] = json.loads(Path("docs/contracts/openapi.json").read_text("utf-8"))
    own = None if role == "student" else [role]
    for path, calls in list(whole["paths"].items()):
        kept = {name: one for name, one in calls.items() if one.get("x-roles") == own and not _is_left_out(one)}
        whole["paths"][path] = {name: _impatient(one) for name, one in kept.items()}
    whole["paths"] = {path: calls for path, calls in whole["paths"].items() if calls}
    return whole


def _is_left_out(operation: dict[str, Any]) -> bool:
    return operation["operationId"] in ENDLESS | ENDING


def _impatient(operation: dict[str, Any]) -> dict[str, Any]:
    """Let nothing wait for a worker: 202 is an answer too."""
    for parameter in operation.get("parameters", []):
        if parameter.get("name") == "wait":
            parameter.update(required=True, schema={"type": "number", "minimum": 0, "maximum": 0})
    return operation


def caller(role: str, platform: Platform, people: People) -> Person:
    if role == "operator":
        return platform_operator(platform, people)
    return people.fresh(role)


def platform_operator(platform: Platform, people: People) -> Person:
    """Return somebody whom the pool has among its operators."""
    person = people.fresh()
    pool = platform.state["aws"]["userPoolId"]
    platform.cognito.admin_add_user_to_group(UserPoolId=pool, Username=person.email, GroupName="operators")
    person.sign_in()
    return person


@pytest.mark.parametrize("role", SECONDS)
def test_requests_of_all_kinds_are_answered_as_the_document_says(
    role: str, platform: Platform, people: People, tmp_path: Path
) -> None:
    person = caller(role, platform, people)
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(document_for(role)), "utf-8")
    run = subprocess.run(
        [
            *(Path(sys.executable).parent / "schemathesis", "run", document, "--url", platform.base),
            *("--header", f"Authorization: Bearer {person.tokens['accessToken']}"),
            *("--max-time", str(SECONDS[role]), "--max-examples", "25", "--rate-limit", LIMIT, "--workers", "2"),
            *("--phases", "examples,coverage,fuzzing", "--request-timeout", "40", "--no-color", "--warnings", "off"),
            *SEEDED,
            *("--continue-on-failure", "--exclude-checks", LEFT_TO_OTHERS),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout[:20_000] + run.stderr[-2_000:]
