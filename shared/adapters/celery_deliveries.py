"""How a job's message came, read from what Celery knows of it."""

from typing import Any

from shared.adapters.celery_jobs import CORRELATION_HEADER, JOB_HEADER, REPLAYS_HEADER
from shared.adapters.sqs_transport.delivery import delivery_of
from shared.adapters.sqs_transport.envelope import DELIVERY_HEADER
from shared.kernel.foreign import small_number, storable_id
from shared.kernel.runs import Arrival
from shared.kernel.tracing import HEADER as TRACE_HEADER

UNKNOWN_RECEIVES = 2
"""Where nothing tells, a message counts as received before: then its runs are counted in the table, all of them."""


def arrival_of(request: Any) -> Arrival:
    """Read a bound task's `self.request`."""
    delivery = delivery_of(request)
    job_id, replays = request.get(JOB_HEADER), request.get(REPLAYS_HEADER)
    correlation = request.get(CORRELATION_HEADER)
    return Arrival(
        job_id=storable_id(job_id if isinstance(job_id, str) and job_id else str(request.id)),
        receives=delivery.receives if request.get(DELIVERY_HEADER) else UNKNOWN_RECEIVES,
        queue_seconds=delivery.queue_seconds,
        group=delivery.group,
        correlation_id=storable_id(correlation) if isinstance(correlation, str) else None,
        replays=small_number(replays),
        traceparent=trace if isinstance(trace := request.get(TRACE_HEADER), str) else None,
    )
