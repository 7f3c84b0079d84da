"""Closing the letter of a job that was sent again, when it has ended well."""

from typing import Any

from celery.signals import task_success

from shared.domains.dead_letters.rules.replaying import note_success
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.wiring import WorkerContext

log = get_log()


def connect_replays(context: WorkerContext) -> None:
    """Note every replayed job's success; a note that cannot be written is logged, and leaves the letter REPLAYED."""

    def note(sender: Any, **_fields: Any) -> None:
        arrival = context.arrival_of(sender.request)
        if arrival.replays == 0:
            return
        try:
            note_success(arrival.job_id, arrival.replays, letters=context.letters, clock=context.clock)
        except Unavailable:
            log.warning("dead_letter.success_not_noted", letter=arrival.job_id)

    task_success.connect(note, weak=False)
