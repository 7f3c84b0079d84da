"""The gateway for the benchmark's row "fan-out as the peers do it": `gunicorn … bench.realtime_gateway:app`.

It is the product's application; only its queue is a stand-in that takes jobs and counts them, since no peer stores
what it fans out.
"""

from functools import cached_property

from shared.kernel.contract import Job
from shared.kernel.logs import configure_logs
from shared.kernel.settings import read_settings
from shared.wiring import GatewayContext
from web.app import create_app


class CountedJobs:
    """The port JobQueue without a queue."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.jobs = 0

    def enqueue(self, job: Job) -> None:
        """Count the job."""
        self.jobs += 1

    def check(self) -> None:
        """Be ready."""


class BenchContext(GatewayContext):
    """The product's adapters but for the queue."""

    @cached_property
    def jobs(self) -> CountedJobs:  # type: ignore[override]
        """Return the stand-in."""
        return CountedJobs()


context = BenchContext(read_settings())
configure_logs(context.settings, "web")
app = create_app(context)
