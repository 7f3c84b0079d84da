"""The Celery application; `celery -A workers.app worker -Q persistence` runs it."""

from shared.wiring import build_worker
from workers.assembly import assemble
from workers.replayed import connect_replays
from workers.tasks import connections, feedback, messages, notifications, operations, rooms, tutoring, voice

context = build_worker()
app = assemble(context, (connections, feedback, messages, notifications, operations, rooms, tutoring, voice))
connect_replays(context)
