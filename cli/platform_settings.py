"""Settings for commands that work on a running platform: of this laptop, of an endpoint, or of AWS itself."""

import os
from collections.abc import MutableMapping
from pathlib import Path

import click

from cli.run_directory import RunDirectory
from shared.kernel.settings import Settings, ToolSettings, read_settings

NOTHING_RUNS = "Nothing runs on this laptop: start it with `make run`, or use AWS itself (--aws)."


_OF_SOMEBODY = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)


def shield(environ: MutableMapping[str, str]) -> None:
    """Replace real credentials, which no stand-in is given, by such as every stand-in takes."""
    for name in _OF_SOMEBODY:
        environ.pop(name, None)
    environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_EC2_METADATA_DISABLED="true")


def running_settings(directory: Path, environ: MutableMapping[str, str], *, aws_itself: bool) -> Settings:
    """Return the settings of a running platform, and leave them in the environment, where Celery's producer looks.

    What the environment sets already counts; with an endpoint in it, nothing else is looked for.

    Raises:
        ClickException: nothing runs here, and AWS itself was not asked for.
    """
    if not aws_itself:
        find_running(directory, environ)
    return read_settings(ToolSettings)


def find_running(directory: Path, environ: MutableMapping[str, str]) -> None:
    """Have the environment lead to the platform that runs on this laptop, unless it names an endpoint already.

    Raises:
        ClickException: nothing runs here.
    """
    if environ.get("AWS_ENDPOINT_URL"):
        return
    found = _state(directory)
    shield(environ)
    for name, value in found.items():
        environ.setdefault(name, value)


def operator_name(environ: MutableMapping[str, str]) -> str:
    """Return the name of the person at the shell, for the audit."""
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
        "COGNITO_USER_POOL_ID": names.get("userPoolId"),
        "COGNITO_CLIENT_ID": names.get("clientId"),
        "JWKS_URL": addresses.get("keys"),
    }
    return {name: value for name, value in found.items() if value}
