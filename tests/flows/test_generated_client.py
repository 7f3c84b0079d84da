"""A client that openapi-python-client makes of the document compiles, and makes its calls."""

import compileall
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.people import PASSWORD, People
from tests.flows.platform import ROOT, Platform

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a client that was made without a warning."""
    folder = tmp_path_factory.mktemp("generated") / "client"
    document = ROOT / "docs" / "contracts" / "openapi.json"
    made = subprocess.run(
        [BIN / "openapi-python-client", "generate", "--path", document, "--output-path", folder, "--fail-on-warning"],
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


def test_it_compiles_and_makes_five_calls(generated: Path, platform: Platform, people: People) -> None:
    student, tutor = people.fresh(), people.fresh("tutor")
    request = student.post(f"/api/tutors/{tutor.email}/request")["requestId"]
    tutor.post(f"/api/tutors/requests/{request}/approve")
    assert compileall.compile_dir(generated, quiet=1)

    calls = Path(__file__).with_name("generated_calls.py")
    told = subprocess.run(
        [sys.executable, "-P", calls, platform.base, student.email, tutor.email, PASSWORD],
        env={**os.environ, "PYTHONPATH": str(generated)},
        capture_output=True,
        text=True,
    )

    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert found["userId"] == student.user_id
    assert found["roomId"] in found["rooms"]
    assert tutor.get("/api/feedback", params={"with": student.email})["feedback"] is not None
