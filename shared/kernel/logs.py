"""Structured logs as JSON lines, with one correlation id from the request through the queue to the push."""

import logging
import sys
from collections.abc import Mapping
from contextvars import Token
from functools import partial
from typing import IO, Any

import structlog

from shared.kernel.settings import Settings

CORRELATION = "requestId"
SECRET_WORDS = ("password", "token", "secret", "code", "authorization", "cursor_key")
_MASK = "[redacted]"


def _redact(_logger: Any, _method: str, event: Any) -> Any:
    """Blank every field whose name speaks of a secret, so that none reaches a disk."""
    for name in event:
        if any(word in name.lower() for word in SECRET_WORDS) and name not in (
            "error_code",
            "status_code",
            "close_code",
        ):
            event[name] = _MASK
    return event


def _named(process: str, _logger: Any, _method: str, event: Any) -> Any:
    """Name the process; a bound variable would not reach the threads and greenlets that begin later."""
    event["process"] = process
    return event


class _Tee:
    """Writes each line to standard error and, where set, to a file opened for appending (atomic by line)."""

    def __init__(self, streams: list[IO[str]]) -> None:
        self._streams = streams

    def msg(self, message: str) -> None:
        for stream in self._streams:
            stream.write(message + "\n")
            stream.flush()

    log = debug = info = warning = warn = error = critical = fatal = failure = exception = msg


def configure_logs(settings: Settings, process: str) -> None:
    """Send this process's logs to standard error and the log file; call once at the start."""
    streams: list[IO[str]] = [sys.stderr]
    if settings.log_file:
        streams.append(open(settings.log_file, "a", buffering=1, encoding="utf-8"))  # noqa: SIM115 - lives as long as the process
    tee = _Tee(streams)
    level = logging.getLevelName(settings.log_level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            partial(_named, process),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
            structlog.processors.format_exc_info,
            _redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_args: tee,
        cache_logger_on_first_use=False,
    )
    _forward_standard_logging(level)


class _Forward(logging.Handler):
    """Hands records of libraries to structlog, so that there is one format."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)


def _forward_standard_logging(level: int) -> None:
    root = logging.getLogger()
    root.handlers[:] = [_Forward()]
    root.setLevel(max(level, logging.WARNING))


class correlated:  # noqa: N801 - read as a verb, like contextlib's own
    """Give every line logged inside the correlation id and the fields.

    A class, since a gateway enters it for every frame: structlog's own way copies the whole context twice.
    """

    __slots__ = ("_fields", "_tokens")

    def __init__(self, request_id: str, **fields: Any) -> None:
        """Keep what to bind."""
        self._fields = {CORRELATION: request_id, **fields}
        self._tokens: Mapping[str, Token[Any]] = {}

    def __enter__(self) -> None:
        """Bind."""
        self._tokens = structlog.contextvars.bind_contextvars(**self._fields)

    def __exit__(self, *_raised: object) -> None:
        """Bind what was bound before."""
        structlog.contextvars.reset_contextvars(**self._tokens)


def current_correlation() -> str | None:
    """Return the correlation id of what is being done."""
    return structlog.contextvars.get_contextvars().get(CORRELATION)


def get_log() -> Any:
    """Return a logger; cheap, and configured whenever it is first used."""
    return structlog.get_logger()
