"""The Celery application; `celery -A workers.app worker -Q persistence` runs it."""

from shared.wiring import build_worker
from workers.assembly import assemble
from workers.replayed import connect_replays
from workers.tasks import connections, messages, operations, rooms

context = build_worker()
app = assemble(context, (connections, messages, operations, rooms))
connect_replays(context)
