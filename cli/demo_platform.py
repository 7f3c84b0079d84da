"""The platform that runs on this laptop, as its run directory describes it."""

import asyncio
import json
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cli.options import run_directory
from cli.platform_settings import shield
from shared.kernel.settings import Settings, read_settings

CODE_SECONDS = 10.0
_POLL_SECONDS = 0.05

of_run_directory = run_directory("The run directory of the platform (RUN_DIRECTORY).")
"""The option of a command that needs a platform which runs already."""


@dataclass(frozen=True)
class RunningPlatform:
    """Where a running platform is reached, its table, and its log."""

    base: str
    table: str
    log: Path
    settings: Settings

    async def code_sent_to(self, email: str) -> str:
        """Return the verification code that went out to an e-mail.

        Raises:
            ClickException: none did within 10 s.
        """
        deadline = time.monotonic() + CODE_SECONDS
        while time.monotonic() < deadline:
            codes = [event["code"] for event in self._codes() if event["email"] == email]
            if codes:
                return str(codes[-1])
            await asyncio.sleep(_POLL_SECONDS)
        raise click.ClickException(f"No verification code for {email} came to {self.log}.")

    def _codes(self) -> list[dict[str, Any]]:
        if not self.log.exists():
            return []
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if '"verification_code"' in line and line.endswith("}")]


def find_platform(directory: Path) -> RunningPlatform:
    """Return the platform that runs from a directory.

    Raises:
        ClickException: none does, or its e-mails really go out.
    """
    try:
        state = json.loads((directory / "state.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise click.ClickException(f"Nothing runs from {directory}: start it with `make run` first.") from None
    endpoint = state["addresses"].get("aws")
    if endpoint is None:
        raise click.ClickException("This needs the embedded platform: on AWS itself the codes go out by e-mail.")
    shield(os.environ)
    settings = read_settings(
        aws_endpoint_url=endpoint,
        aws_region_name=state["aws"]["region"],
        chat_table_name=state["aws"]["table"],
        cursor_key=secrets.token_urlsafe(),
    )
    return RunningPlatform(state["addresses"]["web"], state["aws"]["table"], directory / "log.jsonl", settings)
