"""Asking for a graph."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from shared.domains.graphs.contract import BuildGraph
from shared.domains.graphs.errors import ExportTooLarge, NoExport, TooManyGraphs
from shared.domains.graphs.models import GRAPH, LARGEST_EXPORT, MOST_UNFINISHED, Graph, GraphStatus, Source
from shared.domains.graphs.ports import GraphObjects, GraphStore, JobReader
from shared.domains.graphs.rules.reading import standing
from shared.kernel.ports import Clock, JobQueue, JobTracker
from shared.kernel.times import instant, timestamp
from shared.kernel.uuids import named_uuid

_FORGOTTEN_AFTER = timedelta(days=1)
"""So long the queue keeps a request; what is older and not drawn will never be."""
_ZIP, _BYTE_ORDER_MARK = b"PK", b"\xef\xbb\xbf"
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Desk:
    """What asking for graphs rests on."""

    store: GraphStore
    objects: GraphObjects
    jobs: JobQueue
    tracker: JobTracker
    records: JobReader
    clock: Clock


def ask_for_graph(
    graph_id: str, user_id: str, *, name: Callable[[], str | None], pieces: Iterable[bytes] | None, desk: Desk
) -> Graph:
    """Record a graph, and have it drawn from an export's pieces, or without them from the person's own talk.

    The export is stored as it comes, a part at a time, and the name is asked for when all of it has come.
    The same id again stores the same graph and draws it once.

    Raises:
        TooManyGraphs: as many of this person are being drawn as may be at once.
        NoExport, ExportTooLarge: the pieces cannot be an export; nothing is stored of them.
        Unavailable: the bucket, the table or the queue did not answer; asking again is safe.
    """
    require_room(graph_id, user_id, desk=desk)
    graph = _new(graph_id, user_id, Source.ME if pieces is None else Source.UPLOAD, desk)
    if pieces is not None:
        desk.objects.upload(graph.payload_key, _checked(pieces))
    graph = graph.model_copy(update={"name": name() or graph.name})
    desk.tracker.record(graph.job_id, GRAPH, user_id)
    desk.store.add(graph)
    desk.jobs.enqueue(BuildGraph(graph_id=graph_id, job_id=graph.job_id, user_id=user_id))
    return graph


def require_room(graph_id: str, user_id: str, *, desk: Desk) -> None:
    """Return if a person may have one more graph drawn; raises TooManyGraphs."""
    oldest = desk.clock.now() - _FORGOTTEN_AFTER
    recent = desk.store.list_of(user_id, position=None, limit=_LOOKED_AT).items
    unfinished = [
        one
        for one in recent
        if one.graph_id != graph_id
        and instant(one.created_at) > oldest
        and standing(one, desk.records).status is GraphStatus.CREATING
    ]
    if len(unfinished) >= MOST_UNFINISHED:
        raise TooManyGraphs


def _new(graph_id: str, user_id: str, source: Source, desk: Desk) -> Graph:
    now = timestamp(desk.clock.now())
    return Graph(
        graph_id=graph_id,
        user_id=user_id,
        job_id=named_uuid(f"graph job\n{graph_id}"),
        name=now[:10],
        source=source,
        created_at=now,
    )


def _checked(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """Pass pieces on while they may be an export, and not too large a one."""
    size, head = 0, b""
    for piece in pieces:
        size += len(piece)
        if size > LARGEST_EXPORT:
            raise ExportTooLarge
        if len(head) < len(_BYTE_ORDER_MARK) + 1:
            head += piece[:8]
            _require_export(head)
        yield piece
    if not head.strip():
        raise NoExport


def _require_export(head: bytes) -> None:
    begin = head.removeprefix(_BYTE_ORDER_MARK).lstrip()
    if begin and not (_ZIP.startswith(begin[:2]) or begin[:1] in b"[{\xef"):
        raise NoExport
