"""A host rehearsed in a directory that holds a Debian: `deploy/hosts/rehearse.sh` makes it, and runs this.

What is AWS's is the laptop's here, what is systemd's is noted. The rest is as on a host: the release, its scripts and
units, its settings from the template, its user.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from cli.deploying.hosts import Host, hosts
from cli.deploying.start import host_settings, program_settings
from cli.environment import keys_address
from cli.platform_settings import shield
from cli.printing import say
from cli.procfile import read_procfile
from embedded.running import embedded_aws, embedded_redis, endpoint_url, free_port
from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.provisioner import Provisioned, Provisioner
from shared.kernel.settings import Settings, ToolSettings, read_settings

ENVIRONMENT = "dev"
READY_SECONDS = 180.0
UNITS = ("speaktracker-web.service", "speaktracker-lifecycle.service")
NOTING = '#!/bin/sh\necho "$(basename "$0") $*" >> /tmp/calls\n'
"""systemctl and aws: there is no systemd to ask, and no AWS; a host without log agent says so, and goes on."""


def main(root: Path, version: str) -> None:
    """Boot the host, look at its units, run its gateway until it is ready, and end it; raises SystemExit where not."""
    shield(os.environ)
    with _stand_ins() as (settings, made, redis_url):
        host = next(one for one in hosts(tuple(read_procfile(Path("Procfile")))) if one.name == "web")
        known = _known(settings, made, version)
        given = {name: _filled(value, known) for name, value in program_settings(host).items()}
        port = free_port()
        given |= {
            "REDIS_URL": redis_url, "AWS_ENDPOINT_URL": str(settings.aws_endpoint_url), "PORT": str(port),
            "JWKS_URL": keys_address(settings, made), "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        }  # fmt: skip
        _write(root, host, known, given)
        _boot(root, version)
        for unit in UNITS:
            _look_at(root, unit)
        _serve(root, given, port)


@contextmanager
def _stand_ins() -> Iterator[tuple[Settings, Provisioned, str]]:
    """Give an AWS with all that the processes rest on, its names, and the address of a Redis."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        aws, redis = embedded_aws(Path(folder) / "aws").start(), embedded_redis(Path(folder) / "redis").start()
        try:
            settings = read_settings(ToolSettings, aws_endpoint_url=endpoint_url(aws), environment=ENVIRONMENT)
            clients = AwsClients(settings)
            made = Provisioner(clients, settings).provision()
            secret = f"{ENVIRONMENT}/speaktracker/cursor-key"
            clients.client("secretsmanager").create_secret(Name=secret, SecretString="k" * 40)
            yield settings, made, f"redis://127.0.0.1:{redis.port}/0"
        finally:
            aws.kill()
            redis.kill()


def _known(settings: Settings, made: Provisioned, version: str) -> dict[str, str]:
    """Return what CloudFormation fills in."""
    return {
        "Environment": ENVIRONMENT,
        "Version": version,
        "AWS::Region": settings.aws_region_name,
        "ChatTableName": made.table,
        "ChatBucketName": made.bucket,
        "CognitoUserPoolId": made.user_pool_id,
        "CognitoClientId": made.client_id,
        "NotificationTopicArn": "arn:aws:sns:ap-northeast-2:000000000000:dev-people",
        "Redis.PrimaryEndPoint.Address": "redis.internal",
        "MailSender": "hello@example.com",
        "DomainName": "127.0.0.1",
    }


def _filled(text: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(f"${{{name}}}", value)
    return text


def _write(root: Path, host: Host, known: dict[str, str], given: dict[str, str]) -> None:
    """Write what user data writes, and the programs that only note that they were called."""
    place = root / "etc" / "speaktracker"
    place.mkdir(parents=True, exist_ok=True)
    told = {name: _filled(value, known) for name, value in host_settings(host).items()}
    for name, fields in (("host", told), ("environment", given)):
        (place / name).write_text("".join(f"{key}={value}\n" for key, value in fields.items()), encoding="utf-8")
    for name in ("systemctl", "aws"):
        program = root / "usr" / "local" / "bin" / name
        program.write_text(NOTING + ("exit 1\n" if name == "aws" else ""), encoding="utf-8")
        program.chmod(0o755)
    (root / "tmp" / "calls").unlink(missing_ok=True)


def _boot(root: Path, version: str) -> None:
    _within(root, f"/opt/speaktracker/releases/{version}/deploy/hosts/boot.sh")
    called = (root / "tmp" / "calls").read_text(encoding="utf-8")
    if "systemctl enable" not in called:
        raise SystemExit(f"boot.sh enabled nothing:\n{called}")
    say("boot.sh: 0; it asked for")
    for line in called.splitlines():
        say(f"  {line}")


def _look_at(root: Path, unit: str) -> None:
    """Have systemd's own tools of that Debian look at a unit that was written."""
    found = _within(root, "systemd-analyze", "verify", f"/etc/systemd/system/{unit}")
    exposed = _within(root, "systemd-analyze", "security", "--offline=true", f"/etc/systemd/system/{unit}")
    say(f"{unit}: {found.strip() or 'verified'}; {exposed.strip().splitlines()[-1].lstrip('→ ')}")


def _within(root: Path, *command: str) -> str:
    """Run a command in the directory's Debian and return what it said; raises SystemExit where it fails."""
    done = subprocess.run(["chroot", str(root), *command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def _serve(root: Path, given: dict[str, str], port: int) -> None:
    """Run the gateway by its unit's own line, user and environment until it is ready, and end it as systemd does."""
    unit = (root / "etc" / "systemd" / "system" / UNITS[0]).read_text(encoding="utf-8").splitlines()
    own = dict(
        shlex.split(line.removeprefix("Environment="))[0].split("=", 1) for line in unit if "Environment=" in line
    )
    line = next(line.removeprefix("ExecStart=") for line in unit if line.startswith("ExecStart="))
    logs = root / "var" / "log" / "speaktracker"
    logs.mkdir(parents=True, exist_ok=True)
    _within(root, "chown", "speaktracker:", "/var/log/speaktracker")
    began = time.monotonic()
    command = [shutil.which("chroot") or "chroot", "--userspec=speaktracker:speaktracker", str(root), "/bin/sh", "-c"]
    script = f"cd /opt/speaktracker/current && exec {line.replace('$$', '$').replace('%%', '%')}"
    process = subprocess.Popen([*command, script], env=own | given)
    try:
        told = _await_ready(process, f"http://127.0.0.1:{port}/readyz")
        say(f"/readyz: {told} after {time.monotonic() - began:.1f} s")
    finally:
        process.send_signal(signal.SIGTERM)
        say(f"ended with {process.wait(60)}")


def _await_ready(process: subprocess.Popen[bytes], address: str) -> str:
    until, last = time.monotonic() + READY_SECONDS, "nothing"
    while time.monotonic() < until and process.poll() is None:
        try:
            answer = httpx.get(address, timeout=5.0, trust_env=False)
            last = f"{answer.status_code} {answer.text}"
            if answer.is_success:
                return last
        except httpx.TransportError as problem:
            last = type(problem).__name__
        time.sleep(0.3)
    raise SystemExit(f"{address} was not ready: {last}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2])
