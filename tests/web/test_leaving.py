"""A gateway process that is done leaves at once, with what it has written; any other end goes its way."""

import subprocess
import sys

import pytest

ENDING = """
import atexit, logging, sys
from web.leaving import leave_if_done
logging.basicConfig(stream=sys.stdout, format="%(message)s")
atexit.register(print, "at the end")
class Part:
    def __del__(self): print("taken apart")
part = Part()
try:
    logging.warning("done")
    {ending}
finally:
    leave_if_done(sys.exc_info()[1])
"""


@pytest.mark.parametrize(
    ("ending", "code", "said"),
    [
        ("sys.exit(0)", 0, "done\nat the end\n"),
        ("sys.exit()", 0, "done\nat the end\n"),
        ("sys.exit(3)", 3, "done\nat the end\ntaken apart\n"),
        ("raise ValueError", 1, "done\nat the end\ntaken apart\n"),
        ("pass", 0, "done\nat the end\ntaken apart\n"),
    ],
)
def test_only_what_ends_well_leaves_at_once(ending: str, code: int, said: str) -> None:
    done = subprocess.run([sys.executable, "-c", ENDING.replace("{ending}", ending)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (code, said)
