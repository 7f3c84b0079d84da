"""A load that runs in a process of its own and does one phase after the other as it is told."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from bench.realtime_contenders import ROOT
from bench.realtime_load import Plan
from bench.realtime_meter import Row
from bench.realtime_processes import CLIENTS, pinned

_LONGEST_SECONDS = 900.0


class OrderedLoad:
    """The load's process; connected and checked from the start. Its methods raise RuntimeError where it fails."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        """Start it, and return when all connections are made."""
        path, self._log = folder / "plan.json", folder / "load.log"
        path.write_text(json.dumps(plan), "utf-8")
        command = pinned([sys.executable, "-m", "bench.realtime_load", str(path)], CLIENTS)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.rows = [self._row(), self._row()]

    def order(self, phase: str, **how: Any) -> Row:
        """Have a phase run and return its row; the arguments are those of the phase's method."""
        assert self._process.stdin is not None
        print(json.dumps({"phase": phase, **how}), file=self._process.stdin, flush=True)
        row = self._row()
        self.rows.append(row)
        return row

    def close(self) -> None:
        """Let it say goodbye; a second time does nothing."""
        if self._process.poll() is None:
            self._process.communicate(timeout=60)

    def _row(self) -> Row:
        assert self._process.stdout is not None
        patience = threading.Timer(_LONGEST_SECONDS, self._process.kill)
        patience.start()
        try:
            line = self._process.stdout.readline()
        finally:
            patience.cancel()
        if not line:
            self._process.wait()
            raise RuntimeError(f"the load failed: {self._log.read_text(errors='replace')[-2000:]}")
        row: Row = json.loads(line)
        return row
