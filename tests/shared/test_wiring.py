"""What every process has loaded before it begins."""

import subprocess
import sys


def test_names_of_hosts_can_be_encoded_before_any_thread_begins() -> None:
    code = "import sys, shared.wiring; sys.exit('encodings.idna' not in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
