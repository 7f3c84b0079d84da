"""What the gateway makes sure of before it takes a request."""

from shared.catalogue import JOBS
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.settings import Misconfigured
from shared.wiring import GatewayContext


class CannotStart(Exception):
    """Something is not as it must be; gunicorn ends with the reason and exit code 3 instead of trying for ever."""


def require_queues(context: GatewayContext) -> None:
    """Return if the queues that jobs go to are as the catalogue has them, or if SQS does not answer now.

    Raises:
        CannotStart: they differ; the message says how, and what to do.
    """
    try:
        context.require_queues(sorted({job.queue for job in JOBS}))
    except Misconfigured as problem:
        raise CannotStart(str(problem)) from None
    except Unavailable:
        # Reading works without queues, and posting is refused until they answer: that is better than no gateway.
        get_log().warning("queues.not_checked")
