"""The Celery application; `celery -A workers.app worker -Q persistence` runs it."""

from shared.kernel.packages import modules_of
from shared.wiring import build_worker
from workers import tasks
from workers.assembly import assemble
from workers.replayed import connect_replays
from workers.schedules import connect_schedules
from workers.signs import connect_signs

context = build_worker()
app = assemble(context, modules_of(tasks))
connect_replays(context)
connect_schedules(context)
connect_signs(context)
