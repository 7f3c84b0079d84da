"""Structured logs as JSON lines, with one correlation id from the request through the queue to the push."""

import json
import logging
import re
from collections.abc import Mapping
from contextvars import Token
from functools import partial
from typing import Any

import structlog

from shared.kernel.log_sinks import Sink, appended_file, standard_error
from shared.kernel.settings import Settings

CORRELATION = "requestId"
TRACE = "traceId"
SECRET_WORDS = ("password", "token", "secret", "code", "authorization", "cursor_key")
_MASK = "[redacted]"
_ORDERS = re.compile("[\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""What JSON lets stand as it is, and gives a terminal orders or turns a line around: C1 controls, line separators,
zero widths and bidirectional marks."""


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


def _as_line(event: Any, **options: Any) -> str:
    """Return an event as one line of JSON that says the same, and gives nobody's terminal orders."""
    return _ORDERS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(event, **options))


class _Tee:
    """Writes each line to standard error and, where set, to a file."""

    def __init__(self, sinks: list[Sink]) -> None:
        self._sinks = sinks

    def msg(self, message: str) -> None:
        for sink in self._sinks:
            sink.write(message)

    log = debug = info = warning = warn = error = critical = fatal = failure = exception = msg


def configure_logs(settings: Settings, process: str) -> None:
    """Send this process's logs to standard error and the log file; call once at the start.

    From then on no call of a logger raises or waits, whatever the disk, the pipe or the fields are.
    """
    errors = standard_error()
    tee = _Tee([errors, *_log_file(settings.log_file, errors)])
    level = logging.getLevelName(settings.log_level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            partial(_named, process),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
            structlog.processors.format_exc_info,
            _redact,
            structlog.processors.JSONRenderer(serializer=_as_line, ensure_ascii=False),
        ],
        wrapper_class=_harmless(structlog.make_filtering_bound_logger(level), errors),
        logger_factory=lambda *_args: tee,
        cache_logger_on_first_use=False,
    )
    _forward_standard_logging(level)


def _log_file(path: str | None, errors: Sink) -> list[Sink]:
    """Return the log file's sink; a file that cannot be opened is said on standard error and stops nobody."""
    if not path:
        return []
    try:
        return [appended_file(path)]
    except OSError as problem:
        errors.write(f'{{"event": "log.no_file", "problem": "{type(problem).__name__}"}}')
        return []


def _harmless(logger: type[Any], errors: Sink) -> type[Any]:
    """Return the class of loggers with a fault of its own made harmless: it costs the line."""

    class Harmless(logger):  # type: ignore[misc]  # structlog makes the class
        def _proxy_to_logger(self, method_name: str, event: str | None = None, *args: Any, **fields: Any) -> Any:
            try:
                return super()._proxy_to_logger(method_name, event, *args, **fields)
            except Exception as fault:  # a field that cannot be shown must not decide about the work that it tells of
                return errors.write(f'{{"event": "log.fault", "problem": "{type(fault).__name__}"}}')

    return Harmless


class _Forward(logging.Handler):
    """Hands records of libraries to structlog, so that there is one format."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(record.levelno, _text_of(record), logger=record.name, exc_info=record.exc_info)


def _text_of(record: logging.LogRecord) -> str:
    """Return a record's text, also where its arguments do not fit it: the caller's mistake is not his work's."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, LookupError, AttributeError):
        return str(record.msg)


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
