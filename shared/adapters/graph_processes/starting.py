"""How a process of the graph engine is started."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from shared.domains.graphs.errors import ExportRefused
from shared.domains.graphs.models import Refusal
from shared.kernel.logs import get_log

_PASSED_ON = ("GRAPH_MODELS_DIRECTORY", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "PATH", "TMPDIR")
_ROOT = Path(__file__).parents[3]
"""The folder that the engine lies in, beside `shared`."""
NOT_BUILT = 4
BUILD = "python -m graph_engine.encoders.building"
_NOT_INSTALLED = Refusal(
    code="not_installed",
    en="Graphs cannot be drawn on this server: the engine is not installed. Its operators were told.",
    ko="이 서버에는 그래프 엔진이 설치되어 있지 않습니다. 운영자에게 알렸습니다.",
)

log = get_log()


def not_installed(reason: str) -> ExportRefused:
    """Return the refusal of every graph, and tell the operator what is missing."""
    log.error("graph.engine_missing", reason=reason, remedy="install requirements/graph.txt, then " + BUILD)
    return ExportRefused(_NOT_INSTALLED)


def start(module: str, *arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
    """Start a program of the engine, without the product's environment and its credentials.

    One thread does the arithmetic: several threads' sums differ in their last digit.
    """
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE, **options)


def last_line(text: bytes) -> str:
    """Return the last line of what a process said on its way out."""
    return text.decode(errors="replace").strip().rpartition("\n")[2][:500]
