"""Whose requests supervisord's pages hear."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from embedded.supervising import is_ours

ROOT = Path(__file__).resolve().parents[2]
LOGS = """
import os
from supervisor import loggers
from embedded.supervising import lose_what_cannot_be_logged

lose_what_cannot_be_logged()
logger = loggers.getLogger()
loggers.handle_file(logger, "/dev/full", "%(message)s", rotating=True)
logger.critical("nobody can write this")
rotated = loggers.getLogger()
loggers.handle_file(rotated, "log", "%(message)s", rotating=True, maxbytes=10, backups=1)
rotated.info("before it is set aside")
handler = rotated.handlers[0]
handler.close()
rotated.info("after")
os.write(1, b"alive")
"""


def test_what_cannot_be_logged_ends_nobody(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-c", LOGS]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=full, check=False)
    assert done.stdout == b"alive"
    assert "after" in (tmp_path / "log").read_text() + (tmp_path / "log.1").read_text()


@pytest.mark.parametrize(
    "header",
    [
        [],
        ["Host: 127.0.0.1:9001"],
        ["host: localhost:9001", "Sec-Fetch-Site: none"],
        ["Host: [::1]", "sec-fetch-site: same-origin"],
    ],
)
def test_programs_and_ones_own_pages_are_heard(header: list[str]) -> None:
    assert is_ours(header)


@pytest.mark.parametrize(
    "header",
    [
        ["Host: evil.example:9001"],
        ["Host: 127.0.0.1.evil.example"],
        ["Host: 127.0.0.1:9001", "Sec-Fetch-Site: cross-site"],
        ["Host: 127.0.0.1:9001", "Sec-Fetch-Site: same-site"],
        ["Host: "],
    ],
)
def test_pages_of_other_sites_and_other_names_are_not(header: list[str]) -> None:
    assert not is_ours(header)
