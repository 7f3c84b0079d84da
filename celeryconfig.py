"""Celery's settings, derived from the catalogue; read by the workers, by beat and by the gateway's producer."""

from kombu import Exchange as _Exchange
from kombu import Queue as _KombuQueue

from shared.adapters.celery_broker import broker_settings as _broker_settings
from shared.adapters.celery_jobs import redacted as _redacted
from shared.catalogue import JOBS as _JOBS
from shared.catalogue import SCHEDULE as _SCHEDULE
from shared.kernel.queues import Queue as _Queue
from shared.kernel.settings import read_settings as _read_settings

_settings = _read_settings()

globals().update(_broker_settings(_settings))

task_queues = [_KombuQueue(queue.value, _Exchange("jobs"), routing_key=queue.value) for queue in _Queue]
task_routes = {job.name: {"queue": job.queue.value} for job in _JOBS}
task_create_missing_queues = False
task_default_queue = _Queue.PERSISTENCE.value

task_serializer = "json"
accept_content = ["json"]
task_ignore_result = True
result_expires = None  # no result is kept: beat need not have any cleaned up
task_track_started = True
task_acks_late = True
task_acks_on_failure = True  # asked of the request, which lets go only of what was settled: a letter is written
task_acks_on_timeout = False
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1  # persistence asks for more on its command line
worker_hijack_root_logger = False
worker_enable_remote_control = False  # the stock mailbox; ours is over Redis
broker_connection_retry_on_startup = True
timezone = "UTC"

beat_schedule = {
    entry.job.name: {
        "task": entry.job.name,
        "schedule": entry.every_seconds,
        "args": [entry.job.wire()],
        "options": _redacted(),
    }
    for entry in _SCHEDULE
}
redbeat_redis_url = _settings.redis_url
redbeat_lock_timeout = 9  # extended at each turn and each send; another beat takes over 12 s after its holder died
beat_max_loop_interval = 3
