"""Settings for commands that work on a running platform: of this laptop, of an endpoint, or of AWS itself."""

import os
from collections.abc import MutableMapping
from pathlib import Path

import click

from cli.run_directory import RunDirectory
from shared.kernel.settings import Settings, read_settings

NOTHING_RUNS = "Nothing runs on this laptop: start it with `make run`, or use AWS itself (--aws)."


def running_settings(directory: Path, environ: MutableMapping[str, str], *, aws_itself: bool) -> Settings:
    """Return the settings of a running platform, and leave them in the environment, where Celery's producer looks.

    What the environment sets already counts; with an endpoint in it, nothing else is looked for.

    Raises:
        ClickException: nothing runs here, and AWS itself was not asked for.
    """
    if not aws_itself and not environ.get("AWS_ENDPOINT_URL"):
        for name, value in _state(directory).items():
            environ.setdefault(name, value)
    return read_settings()


def operator_name(environ: MutableMapping[str, str]) -> str:
    """Return who is at the shell, for the audit."""
    return f"shell:{environ.get('SUDO_USER') or environ.get('USER') or environ.get('LOGNAME') or os.getuid()}"


def _state(directory: Path) -> dict[str, str]:
    state = RunDirectory(directory).read("state.json") if directory.exists() else {}
    addresses, names = state.get("addresses", {}), state.get("aws", {})
    if "aws" not in addresses:
        raise click.ClickException(NOTHING_RUNS)
    found = {
        "AWS_ENDPOINT_URL": addresses["aws"],
        "REDIS_URL": addresses.get("redis"),
        "AWS_REGION_NAME": names.get("region"),
        "AWS_DEFAULT_REGION": names.get("region"),
        "CHAT_TABLE_NAME": names.get("table"),
        "CHAT_BUCKET_NAME": names.get("bucket"),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    return {name: value for name, value in found.items() if value}
