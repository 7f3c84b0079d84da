"""The workflow, Heroku's manifest and the recipe of the image: held against what they speak of."""

import json
import re
import subprocess
from typing import Any

import yaml

from cli.deploying.command import ROOT
from cli.procfile import read_procfile
from shared.kernel.settings import Settings

WORKFLOW: dict[Any, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "deliver.yml").read_text("utf-8"))
TEXT = (ROOT / ".github" / "workflows" / "deliver.yml").read_text("utf-8")
ON = WORKFLOW[True]  # YAML takes `on` for a truth
DEPLOY = WORKFLOW["jobs"]["deploy"]
MANIFEST: dict[str, Any] = json.loads((ROOT / "app.json").read_text("utf-8"))
RECIPE = (ROOT / "deploy" / "container" / "Containerfile").read_text("utf-8")


def steps() -> list[dict[str, Any]]:
    return [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]


def test_every_push_is_tested_as_here() -> None:
    assert ON["push"] is None
    assert any(step.get("run") == ".ci/run" for step in WORKFLOW["jobs"]["test"]["steps"])


def test_main_goes_to_prod_and_develop_to_dev_in_seoul_after_the_tests() -> None:
    assert DEPLOY["needs"] == "test"
    assert "needs.test.result == 'success'" in DEPLOY["if"]
    assert "refs/heads/main" in DEPLOY["if"]
    assert "refs/heads/develop" in DEPLOY["if"]
    assert DEPLOY["env"]["AWS_REGION"] == "ap-northeast-2"
    assert DEPLOY["env"]["ENVIRONMENT"] == "${{ github.ref == 'refs/heads/main' && 'prod' || 'dev' }}"


def test_no_key_is_stored_and_only_a_deploy_may_ask_for_an_identity() -> None:
    assert set(re.findall(r"secrets\.(\w+)", TEXT)) == {"VERIFY_PASSWORD"}
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert DEPLOY["permissions"] == {"contents": "read", "id-token": "write"}
    assert "permissions" not in WORKFLOW["jobs"]["test"]
    assert "pull_request_target" not in ON


def test_what_is_not_ours_is_pinned_to_a_commit() -> None:
    used = [step["uses"] for step in steps() if "uses" in step]

    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", one) for one in used)


def test_nothing_that_strangers_write_is_run() -> None:
    for step in steps():
        assert "${{" not in step.get("run", ""), step


def test_the_scripts_of_steps_are_scripts() -> None:
    for step in steps():
        if "run" in step:
            assert subprocess.run(["bash", "-n"], input=step["run"], text=True).returncode == 0, step


def test_heroku_is_told_of_programs_and_settings_that_there_are() -> None:
    assert set(MANIFEST["formation"]) <= set(read_procfile(ROOT / "Procfile"))
    assert {"web", "worker-persistence", "dead-letters", "beat"} <= set(MANIFEST["formation"])
    known = {name.upper() for name in Settings.model_fields} | {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    assert set(MANIFEST["env"]) <= known
    assert MANIFEST["env"]["REDIS_CERTIFICATE"]["value"] == "none"  # the add-on signs its own
    for name in ("CURSOR_KEY", "COGNITO_USER_POOL_ID", "COGNITO_CLIENT_ID", "ALLOWED_HOSTS", "TRUSTED_PROXIES"):
        assert name in MANIFEST["env"]
    assert (ROOT / "requirements.txt").read_text("utf-8").splitlines()[-1] == "-r requirements/production.txt"
    assert (ROOT / ".python-version").read_text("utf-8").strip() == "3.11"


def test_the_image_is_made_of_what_there_is_and_runs_as_nobody_in_particular() -> None:
    copied = [name for line in re.findall(r"^COPY (?!--)(.+) \S+$", RECIPE, re.MULTILINE) for name in line.split()]

    for name in copied:
        for lock in ("production", "speech", "graph"):
            assert (ROOT / name.replace("${LOCK}", lock)).exists(), name
    assert {"web", "workers", "shared", "cli", "speech", "graph_engine", "Procfile", "celeryconfig.py"} <= set(copied)
    assert "USER speaktracker" in RECIPE
    assert "STOPSIGNAL SIGTERM" in RECIPE
