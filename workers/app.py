"""The Celery application; `celery -A workers.app worker -Q persistence` runs it."""

from shared.wiring import build_worker
from workers.assembly import assemble
from workers.replayed import connect_replays
from workers.tasks import (
    connections,
    conversations,
    dead_letters,
    feedback,
    messages,
    notifications,
    rooms,
    turns,
    tutoring,
    voice,
)

_MODULES = (
    connections,
    conversations,
    dead_letters,
    feedback,
    messages,
    notifications,
    rooms,
    turns,
    tutoring,
    voice,
)

context = build_worker()
app = assemble(context, _MODULES)
connect_replays(context)
