"""What a process of Celery's is called in logs, metrics and spans: its node's name, such as `tts`, else `worker`."""

from typing import Any

from celery.signals import beat_init, celeryd_init

_named = ["worker"]


def connect_naming() -> None:
    """Learn the name before anything is logged; children of a pool have their parent's."""

    def name_worker(sender: Any, **_fields: Any) -> None:
        _named[0] = str(sender).partition("@")[0] or _named[0]

    def name_beat(**_fields: Any) -> None:
        _named[0] = "beat"

    celeryd_init.connect(name_worker, weak=False)
    beat_init.connect(name_beat, weak=False)


def process_name() -> str:
    """Return the name of this process."""
    return _named[0]
