"""Server-sent events: what is pushed to a user, for pages that open no WebSocket."""

from typing import Annotated

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import StringConstraints

from shared.kernel.contract import Contract
from web.auth import current_principal
from web.documents.telling import operation, reads_header, tells_media
from web.realtime.process import realtime

blueprint = APIBlueprint("events", __name__, url_prefix="/api", abp_tags=[Tag(name="events")])


class ListenEvents(Contract):
    """Where to go on; the token may stand here, since EventSource sends no headers."""

    last_event_id: Annotated[str, StringConstraints(max_length=100)] | None = None
    token: Annotated[str, StringConstraints(max_length=8_192)] | None = None


@blueprint.get("/events")
@operation("listenToEvents")
@tells_media("Pushes, one an event, named for their types; see the AsyncAPI document.", "text/event-stream")
@tells_media("Too many streams are open: a browser does not come again.", status=204)
@reads_header("Last-Event-ID", "Where to go on; it counts more than `lastEventId`.")
def listen(query: ListenEvents) -> Response:
    """Stream pushes, each named for its type; ends when the sign-in does. 204 tells a browser not to come again."""
    listeners = realtime().listeners
    # What the browser itself remembers is newer than what the page wrote into the address.
    listener = listeners.open(current_principal(), request.headers.get("Last-Event-ID") or query.last_event_id)
    if listener is None:
        return Response(status=204)
    response = Response(listener.chunks(), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(lambda: listeners.remove(listener))
    return response
