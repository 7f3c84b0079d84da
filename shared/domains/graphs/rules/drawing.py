"""Drawing a map: the work of a graph worker."""

import shutil
import tempfile
from pathlib import Path

from shared.domains.graphs.contract import BuildGraph, StoreGraph
from shared.domains.graphs.errors import ExportRefused, MapCancelled
from shared.domains.graphs.models import (
    GRAPH_FILE,
    MEANING_FILE,
    VECTORS_FILE,
    Facts,
    Graph,
    GraphStatus,
    Refusal,
    Sheet,
    Source,
)
from shared.domains.graphs.rules.collecting import collect_own_talk
from shared.domains.graphs.rules.naming import name_clusters
from shared.domains.graphs.rules.workshop import Workshop
from shared.kernel.times import timestamp

_LOOKED_AT = 20
_GONE = Refusal(
    code="expired",
    en="The upload is gone; it is kept for a day. Upload it again.",
    ko="올린 파일이 사라졌습니다. 하루 동안만 보관됩니다. 다시 올려 주세요.",
)


def build_graph(job: BuildGraph, *, workshop: Workshop) -> None:
    """Draw a graph, store its files, and hand on how it ended; again, it is drawn again to the same map.

    A graph that is gone, or has ended, is left alone. What was drawn for nobody is removed.

    Raises:
        Unavailable: something did not answer, or the drawing was killed from outside.
    """
    graph = workshop.store.get(job.graph_id)
    if graph is None or graph.status is not GraphStatus.CREATING:
        return
    directory = Path(tempfile.mkdtemp(prefix="graph-", dir=workshop.directory))
    try:
        facts, refusal = _drawn(graph, directory, workshop), None
    except ExportRefused as refused:
        facts, refusal = None, refused.refusal
    except MapCancelled:
        workshop.store.end(graph.model_copy(update={"status": GraphStatus.CANCELLED}))
        workshop.objects.remove(graph.keys)
        return
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    workshop.jobs.enqueue(
        StoreGraph(
            graph_id=graph.graph_id,
            job_id=graph.job_id,
            user_id=graph.user_id,
            facts=facts,
            refusal=refusal,
            at=timestamp(workshop.clock.now()),
        )
    )


def _drawn(graph: Graph, directory: Path, workshop: Workshop) -> Facts:
    _require_wanted(graph, workshop)
    sheet = _sheet(graph, directory, workshop)
    facts = workshop.maker.draw(
        sheet,
        told=lambda stage, done, total: workshop.tracker.progress(
            graph.job_id, stage, {"graphId": graph.graph_id, "done": done, "total": total}
        ),
        is_cancelled=lambda: workshop.tracker.is_cancelled(graph.job_id),
    )
    if workshop.namer is not None:
        name_clusters(sheet.graph, partner=workshop.namer)
    _require_wanted(graph, workshop)
    workshop.objects.put(graph.result_key(VECTORS_FILE), sheet.vectors)
    workshop.objects.put(graph.result_key(MEANING_FILE), sheet.meaning)
    workshop.objects.put(graph.result_key(GRAPH_FILE), sheet.graph)
    return facts


def _sheet(graph: Graph, directory: Path, workshop: Workshop) -> Sheet:
    """Lay out everything that a map is drawn from.

    Raises:
        ExportRefused: the upload is gone.
    """
    export = directory / "export"
    is_own = graph.source is Source.ME
    if is_own:
        workshop.tracker.progress(graph.job_id, "collected", {"graphId": graph.graph_id})
        collect_own_talk(graph.user_id, export, talk=workshop.talk, sources=workshop.phrases)
    elif not workshop.objects.fetch(graph.payload_key, export):
        raise ExportRefused(_GONE)
    previous, vectors = _previous(graph, directory, workshop)
    return Sheet(
        export=export,
        previous=previous,
        previous_vectors=vectors,
        graph=directory / GRAPH_FILE,
        vectors=directory / VECTORS_FILE,
        meaning=directory / MEANING_FILE,
        at=graph.created_at,
        level=(workshop.learner.level_of(graph.user_id) or "intermediate") if is_own else None,
    )


def _previous(graph: Graph, directory: Path, workshop: Workshop) -> tuple[Path | None, Path | None]:
    """Fetch the map before and its vectors; a person's maps of each source go on from each other."""
    recent = workshop.store.list_of(graph.user_id, position=None, limit=_LOOKED_AT).items
    ready = [one for one in recent if one.status is GraphStatus.READY and one.source is graph.source]
    before = next((one for one in ready if one.created_at < graph.created_at), None)
    if before is None:
        return None, None
    paths = directory / "previous.json", directory / "previous.npz"
    files = GRAPH_FILE, VECTORS_FILE
    found = [
        path if workshop.objects.fetch(before.result_key(file), path) else None
        for file, path in zip(files, paths, strict=True)
    ]
    return found[0], found[1]


def _require_wanted(graph: Graph, workshop: Workshop) -> None:
    """Return if the graph is still to be stored; it may have been deleted while it was drawn."""
    if workshop.tracker.is_cancelled(graph.job_id) or workshop.store.get(graph.graph_id) is None:
        raise MapCancelled
