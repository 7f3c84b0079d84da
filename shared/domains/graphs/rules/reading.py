"""Looking at graphs, renaming and removing them."""

from collections.abc import Iterator

from shared.domains.graphs.contract import ListGraphs, RenameGraph, SearchGraph
from shared.domains.graphs.errors import GraphNotFound, GraphNotReady
from shared.domains.graphs.models import GRAPH_FILE, GRAPH_SEARCH, Graph, GraphStatus, Refusal
from shared.domains.graphs.ports import GraphObjects, GraphStore, JobReader
from shared.domains.jobs.models import JobStatus
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page, Position
from shared.kernel.ports import JobQueue, JobTracker

_DEAD = Refusal(
    code="failed",
    en="The graph could not be made; we were told. Try again later.",
    ko="그래프를 만들지 못했습니다. 나중에 다시 시도해 주세요.",
)
_ENDS = {JobStatus.FAILED: GraphStatus.FAILED, JobStatus.CANCELLED: GraphStatus.CANCELLED}


def standing(graph: Graph, records: JobReader) -> Graph:
    """Return a graph as it stands: one whose job has died or was cancelled will never be ready."""
    if graph.status is not GraphStatus.CREATING:
        return graph
    job = records.get(graph.job_id)
    status = _ENDS.get(job.status, graph.status) if job else graph.status
    refusal = graph.refusal or (_DEAD if status is GraphStatus.FAILED else None)
    return graph.model_copy(update={"status": status, "refusal": refusal})


def list_graphs(
    command: ListGraphs, user_id: str, *, position: Position | None, store: GraphStore, records: JobReader
) -> Page[Graph]:
    """Return a user's graphs, newest first."""
    page = store.list_of(user_id, position=position, limit=command.limit)
    return Page([standing(one, records) for one in page.items], page.position)


def owned_graph(graph_id: str, user_id: str, *, store: GraphStore, records: JobReader) -> Graph:
    """Return a graph to its owner.

    Raises:
        GraphNotFound: there is none, or it is somebody else's.
    """
    graph = store.get(graph_id)
    if graph is None or graph.user_id != user_id:
        raise GraphNotFound
    return standing(graph, records)


def require_ready(graph: Graph) -> None:
    """Return if a graph can be looked at; raises GraphNotReady."""
    if graph.status is not GraphStatus.READY:
        raise GraphNotReady(graph.refusal)


def graph_lines(graph: Graph, *, objects: GraphObjects) -> Iterator[bytes]:
    """Return the lines of a ready graph's map as they are read.

    Raises:
        GraphNotReady: it is not ready.
        Unavailable: its map is missing, which only an outage can be.
    """
    require_ready(graph)
    lines = objects.lines(graph.result_key(GRAPH_FILE))
    if lines is None:
        raise Unavailable("The graph's file is not there.", "그래프 파일을 찾을 수 없습니다.")
    return lines


def rename_graph(command: RenameGraph, graph: Graph, *, store: GraphStore) -> Graph:
    """Call a graph otherwise, and return it."""
    store.rename(graph.graph_id, command.name)
    return graph.model_copy(update={"name": command.name})


def remove_graph(graph: Graph, *, store: GraphStore, objects: GraphObjects) -> None:
    """Remove a graph with its map, its vectors and its upload; again changes nothing.

    The objects go first: what cannot be removed now is still found, and removed, by asking again.
    """
    objects.remove(graph.keys)
    store.remove(graph.graph_id)


def ask_for_nearest(graph: Graph, near: str, limit: int, *, job_id: str, tracker: JobTracker, jobs: JobQueue) -> None:
    """Have the nodes found that mean most nearly what a text says; raises GraphNotReady."""
    require_ready(graph)
    tracker.record(job_id, GRAPH_SEARCH, graph.user_id)
    jobs.enqueue(SearchGraph(job_id=job_id, graph_id=graph.graph_id, user_id=graph.user_id, near=near, limit=limit))
