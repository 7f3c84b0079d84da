"""What the gateway makes sure of before it takes a request."""

from collections.abc import Iterator

from shared.catalogue import JOBS
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.settings import Misconfigured, Settings
from shared.wiring import GatewayContext


class CannotStart(Exception):
    """Something is not as it must be; gunicorn ends with the reason and exit code 3 instead of trying for ever."""


def require_front(settings: Settings) -> None:
    """Return if it is known what stands in front: limits by address, cookies and redirects rest on it.

    Raises:
        CannotStart: a proxy is evident or must be told of, or no host is named; the message says what to set.
    """
    wrong = list(_wrong_in_front(settings))
    if wrong:
        raise CannotStart("SpeakTracker does not start:\n" + "\n".join(f"  {sentence}" for sentence in wrong))


def _wrong_in_front(settings: Settings) -> Iterator[str]:
    is_https = (settings.public_url or "").startswith("https://")
    if settings.trusted_proxies == 0 and (is_https or settings.dyno):
        evident = "PUBLIC_URL is https, and this process speaks plain HTTP" if is_https else "this is a dyno of Heroku"
        yield f"TRUSTED_PROXIES must say how many proxies stand in front, since one does: {evident}."
    elif settings.aws_endpoint_url is None and "trusted_proxies" not in settings.model_fields_set:
        yield "TRUSTED_PROXIES must be set where AWS itself is used: 0 where clients connect to this process directly."
    if settings.aws_endpoint_url is None and not settings.allowed_hosts:
        yield "ALLOWED_HOSTS must name the hosts that requests may ask for where AWS itself is used."


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
