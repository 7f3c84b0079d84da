"""Search by meaning: the work of a worker."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import orjson

from shared.domains.graphs.contract import SearchGraph
from shared.domains.graphs.errors import ExportRefused
from shared.domains.graphs.models import GRAPH_FILE, MEANING_FILE, Graph
from shared.domains.graphs.rules.workshop import Workshop
from shared.kernel.errors import NotFound, Unavailable

_TOLD = ("id", "origId", "title", "clusterId", "timestamp", "language", "x", "y")


def search_graph(job: SearchGraph, *, workshop: Workshop) -> None:
    """Tell the waiting client which nodes mean most nearly what their text says, nearest first."""
    graph = workshop.store.get(job.graph_id)
    directory = Path(tempfile.mkdtemp(prefix="graph-search-", dir=workshop.directory))
    try:
        meaning = directory / MEANING_FILE
        if graph is None or not workshop.objects.fetch(graph.result_key(MEANING_FILE), meaning):
            workshop.tracker.fail(job.job_id, NotFound.code)
            return
        hits = workshop.search.nearest(meaning, job.near, job.limit)
    except ExportRefused:
        workshop.tracker.fail(job.job_id, Unavailable.code)
        return
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    workshop.tracker.complete(
        job.job_id, {"graphId": graph.graph_id, "near": job.near, "nodes": _nodes(graph, hits, workshop)}
    )


def _nodes(graph: Graph, hits: list[tuple[int, float]], workshop: Workshop) -> list[dict[str, Any]]:
    """Return the nodes of rows; a row's number is that of its node in the file."""
    wanted = dict(hits)
    found: dict[int, dict[str, Any]] = {}
    row = 0
    for line in workshop.objects.lines(graph.result_key(GRAPH_FILE)) or ():
        if not line.startswith(b'{"id":'):
            continue
        if row in wanted:
            node = orjson.loads(line.rstrip(b"\n,"))
            found[row] = {**{name: node.get(name) for name in _TOLD}, "similarity": wanted[row]}
        row += 1
        if len(found) == len(wanted):
            break
    return [found[row] for row, _ in hits if row in found]
