"""The running platform over HTTP, for the person on duty."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.operations.contract import QueueList, WorkerList
from shared.domains.operations.rules import showing
from shared.kernel.errors import Text
from web.answers import answer
from web.auth import operators_only
from web.context import gateway
from web.documents.telling import tells

blueprint = APIBlueprint("operations", __name__, url_prefix="/api/operations", abp_tags=[Tag(name="operations")])


@blueprint.get("/queues")
@operators_only
@tells(QueueList)
def show_queues() -> Response:
    """Show what waits on each queue and where it is heading; a poller looks every 15 s."""
    context = gateway()
    found = showing.show_queues(
        depths=context.queue_depths, history=context.operations, signs=context.operations, clock=context.clock
    )
    return answer(Text("Queues", "대기열"), found)


@blueprint.get("/workers")
@operators_only
@tells(WorkerList)
def show_workers() -> Response:
    """Show the workers that live, and the queues to which none of them listens; a worker tells every 10 s."""
    found = showing.show_workers(signs=gateway().operations)
    return answer(Text("Workers", "작업자"), found)
