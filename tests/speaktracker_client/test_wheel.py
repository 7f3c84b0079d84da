"""The client is a package of its own: its wheel has its modules and types, and needs httpx and websockets alone."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).parent / "uv"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel, built as a program's author would build it."""
    folder = tmp_path_factory.mktemp("client-wheel")
    options = ("--wheel", "--offline", "--no-build-isolation", "--python", sys.executable, "-o", folder)
    built = subprocess.run(
        [UV, "build", *options, "speaktracker_client"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    [made] = folder.glob("*.whl")
    with zipfile.ZipFile(made) as opened:
        yield opened


def test_it_holds_the_package_and_its_types(wheel: zipfile.ZipFile) -> None:
    sources = {f"speaktracker_client/{one.relative_to(ROOT / 'speaktracker_client')}" for one in _sources()}
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert sources <= held
    assert "speaktracker_client/py.typed" in held
    assert {name.partition("/")[0] for name in held} == {"speaktracker_client"}


def _sources() -> list[Path]:
    return [*(ROOT / "speaktracker_client").rglob("*.py")]


def test_it_needs_two_packages(wheel: zipfile.ZipFile) -> None:
    [name] = [one for one in wheel.namelist() if one.endswith("METADATA")]
    told = Parser().parsestr(wheel.read(name).decode())
    needed = [one for one in told.get_all("Requires-Dist", []) if "extra ==" not in one]

    assert sorted(one.partition("<")[0].partition(">")[0] for one in needed) == ["httpx", "websockets"]
    assert told["Requires-Python"] == ">=3.10"
