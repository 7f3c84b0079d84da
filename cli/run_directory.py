"""The run directory: what one running platform keeps on this laptop, and the lock that makes it the only one there."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

LARGEST_LOG_BYTES = 64 * 1024 * 1024
_PRIVATE = 0o600


class RunDirectory:
    """Paths and small files under `.run`; made when missing, readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        """Make the directory where it is missing."""
        self.path = path.resolve()
        self._is_new = not self.path.exists()
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)  # an earlier release may have made it
        self.state = self.path / "state.json"
        self.log = self.path / "log.jsonl"
        self.supervisor_configuration = self.path / "supervisord.conf"

    def program_log(self, program: str) -> Path:
        """Return the file that everything goes to that a program prints."""
        return self.path / f"{program}.log"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the directory; the lock ends with the process, however it ends.

        Raises:
            ClickException: another process holds it.
        """
        with open(self.path / "lock", "a", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise click.ClickException(self._held()) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    @property
    def holder(self) -> int:
        """Return the process that holds the directory; 0 where none does."""
        try:
            with open(self.path / "lock", encoding="utf-8") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return 0
        except FileNotFoundError:
            return 0
        except BlockingIOError:
            return int((self.path / "lock").read_text(encoding="utf-8") or 0)

    def secret(self, name: str) -> str:
        """Return a random secret that is made once and kept."""
        kept = self.read("secrets.json")
        if name not in kept:
            kept[name] = secrets.token_urlsafe(32)
            self.write("secrets.json", kept)
        return str(kept[name])

    def read(self, name: str) -> dict[str, Any]:
        """Return a small JSON file's object, an empty one where there is none or it was cut short."""
        try:
            found = json.loads((self.path / name).read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, name: str, content: Mapping[str, Any]) -> None:
        """Replace a small JSON file in one step, so that no reader sees half of it."""
        self.write_text(name, json.dumps(content, indent=2, ensure_ascii=False) + "\n")

    def write_text(self, name: str, text: str) -> None:
        """Replace a small file in one step; only its owner may read it."""
        draft = self.path / f".{name}.new"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(self.path / name)

    def forget(self, name: str) -> None:
        """Remove a small file, if it is there."""
        (self.path / name).unlink(missing_ok=True)

    def undo(self) -> None:
        """Remove the directory if it was made for this run, which was refused before anything was started."""
        if self._is_new:
            shutil.rmtree(self.path)

    def bound_log(self) -> None:
        """Begin a new log where the old one has grown too large; one older is kept. Programs look each second."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".jsonl.1"))

    def _held(self) -> str:
        pid = (self.path / "lock").read_text(encoding="utf-8") or "unknown"
        return (
            f"SpeakTracker already runs from {self.path} (process {pid}). "
            "Stop it with Ctrl-C in its terminal, or start another with RUN_DIRECTORY and PORT set to other values."
        )
