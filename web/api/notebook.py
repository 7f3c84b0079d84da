"""The mistake notebook and the review over HTTP."""

from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from gevent import get_hub
from pydantic import Field

from shared.domains.notebook.contract import ExportNotebook, ListNotebook, ListReview, MarkKnown, NotebookItem
from shared.domains.notebook.rules.exporting import export_notebook, exported_entries
from shared.domains.notebook.rules.showing import list_notebook, list_review, mark_known
from shared.kernel.contract import Contract
from shared.kernel.errors import Text
from shared.kernel.times import timestamp
from web.answers import answer, listed
from web.auth import current_principal
from web.context import gateway
from web.documents.telling import operation, tells, tells_media, tells_page

blueprint = APIBlueprint("notebook", __name__, url_prefix="/api", abp_tags=[Tag(name="practice")])

_FILES = {
    "csv": ("text/csv; charset=utf-8", "notebook.csv"),
    "anki": ("application/octet-stream", "speaktracker.apkg"),
}


class EntryPath(Contract):
    """Which entry."""

    entry_id: Annotated[str, Field(max_length=128)]


@blueprint.get("/practice/review")
@operation("listReview")
@tells_page("review", NotebookItem)
def review(query: ListReview) -> Response:
    """List what is due for another try, the worst first."""
    context, user_id = gateway(), current_principal().user_id
    scope = ["review", user_id]
    position = context.cursors.decode(query.cursor, scope)
    page = list_review(query, user_id, now=timestamp(context.clock.now()), position=position, store=context.notebook)
    return answer(Text("Sentences to try again", "다시 연습할 문장"), listed("review", page, scope))


@blueprint.get("/notebook")
@operation("listNotebook")
@tells_page("entries", NotebookItem)
def show_notebook(query: ListNotebook) -> Response:
    """List one's mistakes; with `due`, those that are due, the worst first."""
    context, user_id = gateway(), current_principal().user_id
    scope = ["notebook", user_id, query.kind, query.due]
    position = context.cursors.decode(query.cursor, scope)
    page = list_notebook(query, user_id, now=timestamp(context.clock.now()), position=position, store=context.notebook)
    return answer(Text("Notebook", "오답 노트"), listed("entries", page, scope))


@blueprint.patch("/notebook/<entry_id>")
@operation("markKnown")
@tells(NotebookItem)
def know(path: EntryPath, body: MarkKnown) -> Response:
    """Mark an entry as known, or not after all."""
    context = gateway()
    now = timestamp(context.clock.now())
    entry = mark_known(path.entry_id, body, current_principal().user_id, now=now, store=context.notebook)
    return answer(Text("Saved", "저장했습니다"), entry)


@blueprint.get("/notebook/export")
@operation("exportNotebook")
@tells_media("The notebook as a file.", "text/csv", "application/octet-stream")
def export(query: ExportNotebook) -> Response:
    """Take the notebook along, as a table or as a deck for Anki."""
    context, user_id = gateway(), current_principal().user_id
    # A large deck takes the processor for a while: in a thread no socket waits for it.
    entries = exported_entries(user_id, store=context.notebook)
    content = get_hub().threadpool.apply(export_notebook, (query, user_id, entries), {"decks": context.decks})
    content_type, name = _FILES[query.format]
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
