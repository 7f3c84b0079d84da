"""One line for each event, which gives nobody's terminal orders, whatever its fields are."""

import json
import subprocess
import sys

import pytest

WRITE = """
import json, sys
from shared.kernel.logs import configure_logs, get_log
from shared.kernel.settings import Settings
configure_logs(Settings(aws_endpoint_url="http://127.0.0.1:1"), "test")
get_log().info("told", name=json.loads(sys.argv[1]))
"""


@pytest.mark.parametrize(
    "text",
    ["\x1b[2J", "a\nb\r", "\x9b31m", "\x7f", "\u2028next", "\u202egnp.exe", "zero\u200bwidth", "\ufeff", "한국어 é"],
)
def test_what_is_no_letter_is_spelt_out_and_reads_back_the_same(text: str) -> None:
    command = [sys.executable, "-c", WRITE, json.dumps(text)]
    told = subprocess.run(command, capture_output=True, check=True, timeout=60).stderr.decode()
    [line] = told.splitlines()
    assert json.loads(line)["name"] == text
    assert all(one.isprintable() for one in line)
