"""systemd's units: as the Procfile has the programs, taken by systemd's own tools, and hardened."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.deploying.command import PLACE
from cli.deploying.units import TARGET, file_name, is_worker, units
from cli.main import speaktracker
from cli.procfile import read_procfile

PROGRAMS = read_procfile(Path(__file__).resolve().parents[2] / "Procfile")
UNITS = units(PROGRAMS)
SERVICES = sorted(name for name in UNITS if name != TARGET)
WORST_EXPOSURE = 2.0


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed here")
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60)


def test_the_units_in_the_repository_are_current() -> None:
    told = CliRunner().invoke(speaktracker, ["units"])

    assert told.exit_code == 0, told.output


def test_every_program_has_a_unit_that_the_target_wants() -> None:
    for name, command in PROGRAMS.items():
        several = is_worker(command)
        assert file_name(name, has_instances=several) in UNITS
        assert f"speaktracker-{name}{'@1' if several else ''}.service" in UNITS[TARGET]


def test_workers_may_run_several_times_on_a_host_and_the_gateway_once() -> None:
    tts, web = UNITS["speaktracker-worker-tts@.service"], UNITS["speaktracker-web.service"]

    assert "-n tts-%i@%%h -Q" in tts
    assert re.search(r"^Environment=METRICS_PORT=\d{3}%i$", tts, re.MULTILINE)
    assert "$${HOST:-0.0.0.0}" in web


def test_no_two_programs_tell_their_metrics_at_one_port() -> None:
    ports = [re.search(r"METRICS_PORT=(\S+)", UNITS[name])[1][:3] for name in SERVICES]  # type: ignore[index]

    assert len(set(ports)) == len(ports)


def test_a_stop_is_given_more_time_than_a_program_takes() -> None:
    for name in SERVICES:
        assert "TimeoutStopSec=30\n" in UNITS[name]
        assert "WatchdogSec=" in UNITS[name]


def test_systemd_takes_the_units() -> None:
    told = analyze("verify", *(str(PLACE / name) for name in UNITS))

    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_systemd_finds_little_that_is_exposed(name: str) -> None:
    told = analyze("security", "--offline=true", str(PLACE / name))
    found = re.search(r"Overall exposure level for \S+: (\d+\.\d)", told.stdout)

    assert found is not None, told.stderr
    assert float(found[1]) <= WORST_EXPOSURE
