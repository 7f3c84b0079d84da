"""What the programs of the platform find in their environment."""

import os
from collections.abc import MutableMapping

from cli.plan import FLOWER, Plan, metrics_port_name, search_path
from cli.run_directory import RunDirectory
from cli.supervision import Program
from shared.adapters.aws.provisioner import Provisioned
from shared.kernel.settings import Settings

STAND_IN_POLL_SECONDS = "4"
"""A worker waits its open poll out when it stops: on a laptop polls cost nothing, and Ctrl-C should be quick."""


def platform_programs(
    plan: Plan, provisioned: Provisioned, directory: RunDirectory, environ: MutableMapping[str, str] | None = None
) -> list[Program]:
    """Return a program for each line of the Procfile, with all that it needs to find the others."""
    common = common_environment(plan.settings, provisioned, directory)
    common["PATH"] = search_path(os.environ if environ is None else environ)
    return [
        Program(name, command, {**common, **_own_environment(plan, name)}) for name, command in plan.commands.items()
    ]


def _own_environment(plan: Plan, program: str) -> dict[str, str]:
    """Return what one program alone is told; Flower's login stands in no other's environment."""
    found = {"METRICS_PORT": str(plan.ports[metrics_port_name(program)])}
    if program == FLOWER and plan.flower:
        found |= {"FLOWER_PORT": str(plan.ports[FLOWER]), "FLOWER_BASIC_AUTH": plan.flower[1]}
    return found


def common_environment(settings: Settings, provisioned: Provisioned, directory: RunDirectory) -> dict[str, str]:
    """Return the settings that only this run knows, by their names in the environment."""
    found = {
        "PORT": str(settings.port),
        "HOST": settings.host,
        "REDIS_URL": settings.redis_url,
        "AWS_REGION_NAME": settings.aws_region_name,
        "AWS_DEFAULT_REGION": settings.aws_region_name,  # for clients that know only boto3's own name
        "CHAT_TABLE_NAME": provisioned.table,
        "CHAT_BUCKET_NAME": provisioned.bucket,
        "COGNITO_USER_POOL_ID": provisioned.user_pool_id,
        "COGNITO_CLIENT_ID": provisioned.client_id,
        "CURSOR_KEY": settings.cursor_key.get_secret_value(),
        "LOG_FILE": str(directory.log),
        "RUN_DIRECTORY": str(directory.path),
        "PYTHONUNBUFFERED": "1",
    }
    if settings.aws_endpoint_url:
        found["AWS_ENDPOINT_URL"] = settings.aws_endpoint_url
        found["JWKS_URL"] = keys_address(settings, provisioned)
        found.setdefault("LONG_POLL_SECONDS", os.environ.get("LONG_POLL_SECONDS", STAND_IN_POLL_SECONDS))
        found |= _credentials(os.environ)
    else:  # nothing stands in front of what runs on a laptop, unless its operator says otherwise
        found["TRUSTED_PROXIES"] = os.environ.get("TRUSTED_PROXIES", "0")
        found["ALLOWED_HOSTS"] = os.environ.get("ALLOWED_HOSTS", f"localhost,127.0.0.1,{settings.host}")
    return found


def keys_address(settings: Settings, provisioned: Provisioned) -> str:
    """Return where the pool's public keys are: at the stand-in, under the pool's name, unless a setting says else."""
    if settings.jwks_url or not settings.aws_endpoint_url:
        return settings.jwks_url or settings.keys_address
    return f"{settings.aws_endpoint_url.rstrip('/')}/{provisioned.user_pool_id}/.well-known/jwks.json"


def _credentials(environ: MutableMapping[str, str]) -> dict[str, str]:
    """Return what a stand-in is content with, for clients that are not ours; none where there are real ones."""
    if environ.get("AWS_ACCESS_KEY_ID") or environ.get("AWS_PROFILE"):
        return {}
    return {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
