"""Contenders that group conversations, each run in a process of its own, with what it cost."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.graph_sets import LabelledSet
from graph_engine.encoders.korean import ALIGNMENT

_PEERS = Path(__file__).with_name("peers") / "graph_topics.py"
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Run:
    """Clusters by id, how many were left over, seconds of the processor, and the most memory in megabytes."""

    clusters: dict[str, object]
    left_over: float
    cpu_seconds: float
    megabytes: float


def draw(data: LabelledSet, directory: Path, *options: str, threads: int = 1) -> tuple[Run, dict[str, Any]]:
    """Draw a set by the engine; return the run and the map."""
    export, target = directory / "export.json", directory / "graph.json"
    export.write_text(json.dumps(data.conversations), "utf-8")
    cpu, megabytes = _spent([sys.executable, "-m", "graph_engine", str(export), str(target), *options], threads)
    found = json.loads(target.read_text("utf-8"))
    return Run({node["origId"]: node["clusterId"] for node in found["nodes"]}, 0.0, cpu, megabytes), found


def vectors(data: LabelledSet, directory: Path, kind: str, alignment: Path = ALIGNMENT) -> Path:
    """Write the rows that the engine groups by (`rows`), or MiniLM's alone (`minilm`), in the order of the set."""
    export, target = directory / "export.json", directory / f"{kind}.npy"
    export.write_text(json.dumps(data.conversations), "utf-8")
    _spent([sys.executable, "-m", "bench.graph_vectors", str(export), str(target), kind, str(alignment)])
    return target


def group_by_peer(peer: str, data: LabelledSet, rows: Path, directory: Path, python: str) -> Run:
    """Group a set by a peer, in the peers' own environment."""
    texts, target = directory / "texts.json", directory / f"{peer}.json"
    texts.write_text(json.dumps(data.texts), "utf-8")
    cpu, megabytes = _spent([python, str(_PEERS), peer, str(texts), str(rows), str(target)])
    labels = json.loads(target.read_text("utf-8"))
    names = [one["id"] for one in data.conversations]
    return Run(dict(zip(names, labels, strict=True)), labels.count(-1) / len(labels), cpu, megabytes)


def _spent(command: list[str], threads: int = 1) -> tuple[float, float]:
    """Run a command to its end; return seconds of the processor and the most memory in megabytes.

    Raises:
        RuntimeError: it failed.
    """
    limits = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")
    environment = {**os.environ, **dict.fromkeys(limits, str(threads))}
    process = subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read().decode(errors="replace") if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[1:4]} ended with {process.returncode}: {errors[-500:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
