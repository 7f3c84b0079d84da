"""Definitions made durable: the small state of every service, saved whole before the answer to what changed it."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from ministack import app as gateway

from embedded.aws.encoding import decode, encode
from embedded.aws.items import table_definitions
from embedded.aws.journal import Journal
from embedded.aws.queues import queue_definitions, restore_queue_definitions
from embedded.aws.users import pool_definitions

_KIND = "service"

# What changes with every item, message or user is journalled by row; here only what defines it.
_DEFINITIONS: dict[str, Callable[[], dict[str, Any]]] = {
    "sqs": queue_definitions,
    "dynamodb": table_definitions,
    "cognito": pool_definitions,
}


class Snapshots:
    """Remembers which services changed, and writes their state to the journal when asked."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._dirty: set[str] = set()
        self._at_stop: set[str] = set()

    def changed(self, service: str) -> None:
        """Note that a service, by its name in the signature, has changed."""
        self._dirty.update(_state_keys(service))

    def observed(self, service: str) -> None:
        """Note that a service took in an observation (a metric, a log line), which is only saved at the stop."""
        self._at_stop.update(_state_keys(service))

    def record(self) -> None:
        """Write the services that changed to the journal, which makes them durable with its next commit."""
        while self._dirty:
            key = self._dirty.pop()
            with ExitStack() as unsaved:  # for any reason: the next answer must try again
                unsaved.callback(self._dirty.add, key)
                self._save(key)
                unsaved.pop_all()

    def record_everything(self) -> None:
        """Write also what is only saved when the process stops."""
        self.record()
        while self._at_stop:
            self._save(self._at_stop.pop())

    def restore(self) -> None:
        """Give every service the state that it had; nothing else may have used the services before."""
        for key, content in self._journal.read("SELECT name, content FROM record WHERE kind = ?", (_KIND,)):
            state = decode(content)
            if key == "sqs":
                restore_queue_definitions(state)
            else:
                gateway._get_module(gateway._state_map[key]).load_persisted_state(state)

    def _save(self, key: str) -> None:
        if (state := _state(key)) is not None:
            self._journal.keep(_KIND, key, encode(state))


def _state(key: str) -> dict[str, Any] | None:
    if key in _DEFINITIONS:
        return _DEFINITIONS[key]()
    module = sys.modules.get(f"ministack.services.{gateway._state_map[key]}")
    state: dict[str, Any] | None = module.get_state() if module else None
    return state


def _state_keys(service: str) -> tuple[str, ...]:
    """Return the names under which ministack saves a service and its sub-services."""
    entry = gateway.SERVICE_REGISTRY.get(gateway.SERVICE_NAME_ALIASES.get(service, service), {})
    names = (entry.get("state_key", entry.get("module")), *entry.get("sub_modules", ()))
    return tuple(name for name in names if name in gateway._state_map)
