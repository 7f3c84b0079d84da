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
from tests.flows.platform import ROOT, Platform
from tests.flows.schemathesis_rules import ALLOWED, REFUSALS, RULED, RULES

SECONDS = {"student": 20, "tutor": 8, "operator": 10}
ENDLESS = {"listenToEvents"}
"""An event stream goes on until its client ends it."""
ENDING = {"logout", "eraseAccount", "endOtherSignIns", "endSignIn", "changePassword", "reset"}
"""They would end what the run signs in by; flows of their own try them."""
LIMIT = "80/s"
NAMED = ("--seed", os.environ.get("SEED", ""), "--generation-database", "none")
SEEDED = NAMED if "SEED" in os.environ else ("--generation-deterministic",)
HOOKS = "tests.flows.schemathesis_rules"


def document() -> dict[str, Any]:
    """Return the document; nothing in it waits for a worker: 202 is an answer too."""
    whole: dict[str, Any] = json.loads(Path("docs/contracts/openapi.json").read_text("utf-8"))
    for calls in whole["paths"].values():
        for operation in calls.values():
            for parameter in operation.get("parameters", []):
                if parameter.get("name") == "wait":
                    parameter.update(required=True, schema={"type": "number", "minimum": 0, "maximum": 0})
    return whole


def left_out(role: str) -> list[str]:
    """Return the operations that another role's run calls, or none; students call whatever needs no role."""
    own = None if role == "student" else [role]
    every = [operation for calls in document()["paths"].values() for operation in calls.values()]
    others = {one["operationId"] for one in every if one.get("x-roles") != own}
    return sorted(others | ENDLESS | ENDING)


def configured(folder: Path, role: str) -> Path:
    """Write what is called, and what is expected: 400 of what is allowed where a rule of ours may refuse it.

    Whether what is allowed is taken is asked of the examples and of each bound of each field, not of what is made at
    random: `tests/contracts/test_validators.py` asks that of the validators themselves.
    """
    text = f"""\
[checks]
positive_data_acceptance.expected-statuses = {json.dumps(ALLOWED)}
negative_data_rejection.expected-statuses = {json.dumps(REFUSALS)}

[phases.fuzzing.checks]
positive_data_acceptance.enabled = false

[[operations]]
include-operation-id = {json.dumps(left_out(role))}
enabled = false

[[operations]]
include-operation-id = {json.dumps(sorted(RULES))}
checks.positive_data_acceptance.expected-statuses = {json.dumps([*RULED, *ALLOWED])}
"""
    path = folder / "schemathesis.toml"
    path.write_text(text, "utf-8")
    return path


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
    tried = tmp_path / "openapi.json"
    tried.write_text(json.dumps(document()), "utf-8")
    run = subprocess.run(
        [
            *(Path(sys.executable).parent / "schemathesis", "--config-file", configured(tmp_path, role), "run", tried),
            *("--url", platform.base),
            *("--header", f"Authorization: Bearer {person.tokens['accessToken']}"),
            *("--max-time", str(SECONDS[role]), "--max-examples", "25", "--rate-limit", LIMIT, "--workers", "2"),
            *("--phases", "examples,coverage,fuzzing", "--request-timeout", "40", "--no-color", "--warnings", "off"),
            *SEEDED,
            "--continue-on-failure",
        ],
        cwd=tmp_path,
        env=os.environ | {"SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout[:20_000] + run.stderr[-2_000:]
