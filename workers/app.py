"""The Celery application; `celery -A workers.app worker -Q persistence` runs it."""

from celery import Celery

from shared.wiring import build_worker
from workers.handling import register
from workers.signals import connect_signals
from workers.tasks import connections, messages, rooms

app = Celery("speaktracker")
app.config_from_object("celeryconfig")

context = build_worker()
connect_signals(context)
for module in (connections, messages, rooms):
    register(app, module, context)
