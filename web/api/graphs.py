"""Graphs over HTTP: an export streamed to the bucket, and maps streamed from it."""

from collections.abc import Iterable, Iterator
from typing import cast

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.graphs.contract import (
    DrawnExport,
    DrawOwnTalk,
    GraphItem,
    GraphMap,
    GraphRemoved,
    GraphScheduled,
    ListGraphs,
    NearestNodes,
    ReadGraph,
    RenameGraph,
)
from shared.domains.graphs.errors import ExportTooLarge, NoFile
from shared.domains.graphs.models import LARGEST_EXPORT, Graph, GraphStatus
from shared.domains.graphs.rules import asking, converting, reading
from shared.domains.jobs.contract import JobAccepted
from shared.domains.jobs.service import cancel_job
from shared.kernel.contract import Contract
from shared.kernel.errors import Conflict, PayloadTooLarge, Text
from shared.kernel.pages import Page
from web.answers import answer, listed
from web.auth import current_principal
from web.bodies import json_fields, reads_its_body, takes_bodies_of
from web.context import gateway, say
from web.documents.telling import refuses, takes_media, tells, tells_media, tells_page
from web.idempotency import request_scoped_id
from web.identity import without_own_identity
from web.multipart import StreamedForm
from web.validation import parse
from web.waiting import Patience, awaited

blueprint = APIBlueprint("graphs", __name__, url_prefix="/api/graphs", abp_tags=[Tag(name="graphs")])

_FORM_BYTES = 64 * 1024
_CHUNK_BYTES = 64 * 1024
_SHOWN = Text("Graph", "그래프")
_TYPES = {
    "json": "application/json",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "csv": "text/csv; charset=utf-8",
}


class GraphPath(Contract):
    """Which graph."""

    graph_id: str


class GraphQuery(ReadGraph, Patience):
    """What of a graph is wanted."""


@blueprint.post("")
@takes_bodies_of(LARGEST_EXPORT + _FORM_BYTES)
@reads_its_body
@takes_media(json=DrawOwnTalk, form=DrawnExport)
@tells(GraphScheduled, status=202)
def draw_graph() -> Response:
    """Draw a graph of an export (multipart, field `file`), or of one's own talk (JSON, `{"source": "me"}`)."""
    user_id = current_principal().user_id
    graph_id = request_scoped_id() or gateway().ids.new()
    asking.require_room(graph_id, user_id, desk=_desk())
    if request.mimetype == "multipart/form-data":
        graph = _from_upload(graph_id, user_id)
    else:
        command = cast(DrawOwnTalk, parse(DrawOwnTalk, without_own_identity(json_fields(), lambda _field: False)))
        graph = asking.ask_for_graph(graph_id, user_id, name=lambda: command.name, pieces=None, desk=_desk())
    told = GraphScheduled(job_id=graph.job_id, graph_id=graph.graph_id)
    return answer(Text("Scheduled", "작업 예약됨"), told, status=202)


@blueprint.get("")
@tells_page("graphs", GraphItem)
def list_graphs(query: ListGraphs) -> Response:
    """List one's graphs, newest first."""
    context, user_id = gateway(), current_principal().user_id
    scope = ["graphs", user_id]
    page = reading.list_graphs(
        query,
        user_id,
        position=context.cursors.decode(query.cursor, scope),
        store=context.graphs,
        records=context.job_records,
    )
    shown = Page([*map(GraphItem.of, page.items)], page.position)
    return answer(Text("Graphs", "그래프 목록"), listed("graphs", shown, scope))


@blueprint.get("/<graph_id>")
@tells(GraphMap)
@tells(NearestNodes)
@tells(JobAccepted, status=202)
@tells_media("The map in another format.", *[media for name, media in _TYPES.items() if name != "json"])
@refuses(Conflict, PayloadTooLarge)
def show_graph(path: GraphPath, query: GraphQuery) -> Response:
    """Show a graph or part of it, in a format that others read; or search it by meaning."""
    context, graph = gateway(), _owned(path.graph_id)
    if query.near is not None:
        job_id = context.ids.new()
        reading.ask_for_nearest(
            graph, query.near, query.limit, job_id=job_id, tracker=context.job_tracker, jobs=context.jobs
        )
        return awaited(job_id, query, Text("Nearest", "가까운 대화"))
    lines = reading.graph_lines(graph, objects=context.graph_objects)
    response = Response(_chunks(_converted(graph, lines, query)), content_type=_TYPES[query.format])
    if query.format != "json":
        response.headers["Content-Disposition"] = f'attachment; filename="graph-{graph.graph_id}.{query.format}"'
    return response


@blueprint.patch("/<graph_id>")
@tells(GraphItem)
@refuses(Conflict)
def rename_graph(path: GraphPath, body: RenameGraph) -> Response:
    """Call a graph otherwise."""
    graph = reading.rename_graph(body, _owned(path.graph_id), store=gateway().graphs)
    return answer(_SHOWN, GraphItem.of(graph))


@blueprint.delete("/<graph_id>")
@tells(GraphRemoved)
@refuses(Conflict)
def remove_graph(path: GraphPath) -> Response:
    """Remove a graph with its map, its vectors and its upload; what is still drawn is cancelled."""
    context, graph = gateway(), _owned(path.graph_id)
    if graph.status is GraphStatus.CREATING:
        _cancel(graph)
    reading.remove_graph(graph, store=context.graphs, objects=context.graph_objects)
    return answer(Text("Graph removed", "그래프를 삭제했습니다"), GraphRemoved(graph_id=graph.graph_id))


def _from_upload(graph_id: str, user_id: str) -> Graph:
    if (request.content_length or 0) > LARGEST_EXPORT + _FORM_BYTES:
        raise ExportTooLarge
    form = StreamedForm(request, file="file", fields=("name",))

    def name() -> str | None:
        if not form.has_file:
            raise NoFile
        return cast(RenameGraph, parse(RenameGraph, dict(form.fields))).name if form.fields.get("name") else None

    return asking.ask_for_graph(graph_id, user_id, name=name, pieces=form.pieces(), desk=_desk())


def _owned(graph_id: str) -> Graph:
    context = gateway()
    return reading.owned_graph(graph_id, current_principal().user_id, store=context.graphs, records=context.job_records)


def _converted(graph: Graph, lines: Iterable[bytes], query: GraphQuery) -> Iterator[bytes]:
    if query.format == "graphml":
        return converting.as_graphml(lines, query)
    if query.format == "gexf":
        return converting.as_gexf(lines, query)
    if query.format == "csv":
        return converting.as_csv(lines, query)
    told = {"graphId": graph.graph_id, "name": graph.name, "createdAt": graph.created_at}
    return converting.as_json(lines, query, {"success": True, "message": say(_SHOWN), **told})


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Join small pieces, so that the socket is not written for every line."""
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= _CHUNK_BYTES:
            yield bytes(held)
            held.clear()
    yield bytes(held)


def _cancel(graph: Graph) -> None:
    context = gateway()
    try:
        cancel_job(graph.job_id, graph.user_id, jobs=context.job_records, events=context.events, clock=context.clock)
    except Conflict:  # it has just ended
        return


def _desk() -> asking.Desk:
    context = gateway()
    return asking.Desk(
        store=context.graphs,
        objects=context.graph_objects,
        jobs=context.jobs,
        tracker=context.job_tracker,
        records=context.job_records,
        clock=context.clock,
    )
