"""A process that ends quickly does not collect once more; whatever else is registered for its end still runs."""

import subprocess
import sys

import pytest

LEFT = """
import atexit, sys
from shared.kernel.ending import end_quickly
class Cyclic:
    def __init__(self): self.itself = self
    def __del__(self): sys.stdout.write("collected ")
Cyclic.kept = Cyclic()
atexit.register(sys.stdout.write, "at exit ")
"""


@pytest.mark.parametrize(("calls", "said"), [(0, "at exit collected "), (1, "at exit "), (2, "at exit ")])
def test_the_last_collection_is_spared_and_nothing_else(calls: int, said: str) -> None:
    done = subprocess.run([sys.executable, "-c", LEFT + "end_quickly()\n" * calls], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
