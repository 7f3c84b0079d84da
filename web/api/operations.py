"""The running platform over HTTP, for the person on duty."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import Field

from shared.domains.operations.contract import (
    GrowWorker,
    PlatformStatus,
    QueueList,
    WorkerDraining,
    WorkerGrown,
    WorkerList,
)
from shared.domains.operations.rules import judging, showing, steering
from shared.kernel.contract import Contract
from shared.kernel.errors import Conflict, Text
from web.answers import answer
from web.auth import current_principal, operators_only
from web.context import gateway
from web.documents.telling import refuses, tells

blueprint = APIBlueprint("operations", __name__, url_prefix="/api/operations", abp_tags=[Tag(name="operations")])


class WorkerPath(Contract):
    """Which worker: its name and host, as in `speech@host-1`."""

    worker: str = Field(max_length=300)


@blueprint.get("/status")
@operators_only
@tells(PlatformStatus)
def show_status() -> Response:
    """Show five numbers and what is wrong, the worst first, as `speaktracker status` says it."""
    told = judging.show_status(gateway().findings(), current_principal().language)
    return answer(Text("Status", "상태"), told)


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


@blueprint.post("/workers/<worker>/drain")
@operators_only
@tells(WorkerDraining)
@refuses(Conflict)
def drain_worker(path: WorkerPath) -> Response:
    """Have a worker receive nothing more and finish what it has; it reads again only after a restart."""
    context, by = gateway(), current_principal().user_id
    told = steering.drain_worker(path.worker, by, signs=context.operations, control=context.worker_control)
    return answer(Text("The worker is draining", "작업자를 비웁니다"), told)


@blueprint.post("/workers/<worker>/grow")
@operators_only
@tells(WorkerGrown)
@refuses(Conflict)
def grow_worker(path: WorkerPath, body: GrowWorker) -> Response:
    """Have a worker of processes add some, until there are so many in all; threads are never added."""
    context, by = gateway(), current_principal().user_id
    told = steering.grow_worker(path.worker, body, by, signs=context.operations, control=context.worker_control)
    return answer(Text("The worker has grown", "작업자를 늘렸습니다"), told)
