"""A newcomer adds a domain with an endpoint, a job and a push by the list in CONTRIBUTING, and nothing is missing."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = Path(__file__).parent / "cheers"
NEW = {str(path.relative_to(FILES)).removesuffix(".txt"): path for path in FILES.rglob("*.txt")}
PACKAGES = (
    "bench",
    "cli",
    "docs",
    "embedded",
    "requirements",
    "shared",
    "speaktracker_client",
    "tests",
    "web",
    "workers",
)
EDITED = {
    "shared/catalogue.py": [
        ("from shared.domains.connections", "from shared.domains.cheers.contract import CheerShown, StoreCheer\n"),
        ("    Closing,\n    FeedbackPushed", "    CheerShown,\n"),
        ("    SummarizeConversation,\n    Sweep", "    StoreCheer,\n"),
    ],
    "shared/wiring.py": [
        ("from shared.wired.connections", "from shared.wired.cheers import CheersParts\n"),
        ("    RoomsParts,\n    MessagesParts", "    CheersParts,\n"),
    ],
    "docs/table.md": [("| A voice by its text", "| A user's cheers | Query `USER#…#CHEERS` | yes |\n")],
}
"""What is put before the first place that begins so."""
MOST_FILES = 16
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")


def listed() -> list[str]:
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    found = re.findall(r"^\d+\. `([^`]+)`", contributing, flags=re.MULTILINE)
    return [re.sub(r"\bx(?=[./])|(?<=_)x(?=[_.])", "cheers", one) for one in found]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the repository and add the domain."""
    folder = tmp_path_factory.mktemp("newcomer")
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "*.pyc", "newcomer")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("celeryconfig.py", "pyproject.toml", "Procfile", "Makefile"):
        shutil.copy(ROOT / name, folder / name)
    for extra in ("graph_engine", "speech"):
        (folder / extra).symlink_to(ROOT / extra)
    for name, path in NEW.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / name)
    for name, insertions in EDITED.items():
        text = (folder / name).read_text("utf-8")
        for place, line in insertions:
            assert place in text, f"{name} has no {place!r} any more: this test is to be brought up to date"
            text = text.replace(place, line + place, 1)
        (folder / name).write_text(text, "utf-8")
    return folder


def run(folder: Path, *arguments: str) -> None:
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


def test_the_list_names_every_file_and_no_other() -> None:
    assert sorted(listed()) == sorted([*NEW, *EDITED])
    assert len(listed()) <= MOST_FILES


def test_its_own_tests_and_those_of_the_house_pass(copy: Path) -> None:
    run(copy, "-m", "cli", "contracts", "--write")
    tests = ("shared/domains/test_cheers.py", "shared/adapters/test_cheers.py", "web/test_cheers_api.py")
    house = ("shared/domains/test_layout.py", "test_catalogue.py", "test_contracts.py")
    run(copy, *PYTEST, *(f"tests/{name}" for name in (*tests, *house)))


def test_style_and_imports_hold(copy: Path) -> None:
    new = [name for name in (*NEW, *EDITED) if name.endswith(".py")]

    run(copy, "-m", "ruff", "check", *new)
    run(copy, "-m", "ruff", "format", "--check", *new)
    run(copy, "-c", "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])")


def test_the_house_notices_what_was_forgotten(copy: Path) -> None:
    task = copy / "workers/tasks/cheers.py"
    kept = task.read_text("utf-8")
    task.unlink()
    try:
        with pytest.raises(AssertionError, match=r"cheers\.store_cheer"):
            run(copy, *PYTEST, "tests/shared/domains/test_layout.py")
    finally:
        task.write_text(kept, "utf-8")
