"""The log of calls, as Bedrock keeps one of invocations: a JSON line each, without a word of what was said."""

import json
import logging
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

_BYTES = 2_000_000
"""A file so long is put aside, and the one put aside before is dropped: ten thousand calls or more are kept."""


class Invocations:
    """Writes to one file; one process at a time has the directory."""

    def __init__(self, file: Path) -> None:
        self._handler = RotatingFileHandler(file, maxBytes=_BYTES, backupCount=1, encoding="utf-8", delay=True)

    def note(self, operation: str, model: str, **told: Any) -> None:
        """Write one line; a disk that refuses costs the line, not the call."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"timestamp": now, "operation": operation, "modelId": model} | told)
        self._handler.emit(logging.LogRecord("invocations", logging.INFO, "", 0, line, None, None))
