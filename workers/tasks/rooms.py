"""Tasks of rooms."""

from shared.domains.rooms import service
from shared.domains.rooms.contract import ClearMemberships
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(ClearMemberships)
def clear_memberships(job: ClearMemberships, context: WorkerContext) -> None:
    """Remove what is left of a room's memberships."""
    service.clear_memberships(job, rooms=context.rooms)
