"""Tasks of notifications."""

from shared.domains.notifications import service
from shared.domains.notifications.contract import PageUser
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(PageUser)
def page_user(job: PageUser, context: WorkerContext) -> None:
    """Reach who is away."""
    service.page_user(job, channels=context.channels, pager=context.pager)
