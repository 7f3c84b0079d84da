"""Renewing leases while their tasks live, and noticing those that are lost."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable

from shared.kernel.loops import forever

from .batches import batches, refusals
from .clients import calling_client
from .errors import CALL_FAILED, LEASE_GONE
from .health import Health
from .leases import Lease, LeaseTable
from .options import Options

logger = logging.getLogger(__name__)


class Renewal:
    """One thread that renews, ten a call, every lease that is 40 % used.

    A failed call is made again at the next turn, a sixth of a lease later. A lease that SQS disowns, or that ran out
    (SQS was away, or its task is past its limit), is lost: what has not begun will not begin, what runs goes on and
    may run elsewhere too.
    """

    def __init__(self, options: Options, table: LeaseTable, health: Health, on_lost: Callable[[Lease], None]) -> None:
        self._options, self._table, self._health, self._on_lost = options, table, health, on_lost
        self._loop = forever("sqs-renewal", self._renew_due, min(5.0, options.lease_seconds / 6))

    def close(self) -> None:
        """Renew no more."""
        self._loop.stop()

    def _renew_due(self) -> None:
        """Renew what is due, queue by queue; then note what has run out."""
        now = time.monotonic()
        due: defaultdict[str, list[Lease]] = defaultdict(list)
        for lease in self._table:
            if lease.is_due(now):
                due[lease.queue.url].append(lease)
        for url, leases in due.items():
            for batch in batches(leases):
                self._renew(url, batch)
        for lease in self._table:
            if time.monotonic() > lease.until + lease.lease_seconds / 10:
                self._lose(lease)

    def _renew(self, url: str, batch: list[Lease]) -> None:
        """Renew up to ten leases of a queue in one call."""
        asked_at = time.monotonic()
        seconds = self._options.lease_seconds
        try:
            answer = calling_client(self._options).change_message_visibility_batch(
                QueueUrl=url,
                Entries=[
                    {"Id": str(position), "ReceiptHandle": lease.handle, "VisibilityTimeout": seconds}
                    for position, lease in enumerate(batch)
                ],
            )
        except CALL_FAILED as error:
            logger.warning("cannot renew %d leases on %s: %r", len(batch), url, error)
            return
        self._health.count("renewals")
        refused = refusals(answer, len(batch))
        for position, lease in enumerate(batch):
            if position not in refused:
                lease.extend(asked_at, seconds)
            elif refused[position].get("Code") in LEASE_GONE:
                self._lose(lease)

    def _lose(self, lease: Lease) -> None:
        """Say once that a lease is gone, unless its message is done and only the delete is still under way."""
        if lease.ending is None and lease.lose():
            self._health.count("lost_leases")
            logger.error("lost the lease of %s on %s", lease.message_id, lease.queue.name)
            self._on_lost(lease)
            self._table.freed()
