"""systemd's units, one for each line of the Procfile, and one that stands for all of them."""

from cli.procfile import NODE
from cli.supervision import STOP_SECONDS

HOME = "/opt/speaktracker/current"
ENVIRONMENT = "/etc/speaktracker/environment"
FIRST_PORT = 910
"""Metrics are told on 9100 and so on by tens: a worker's instance is the last digit, so each kind has up to ten."""
WATCHDOG_SECONDS = 120
"""Every program gives a sign of life each 5 s from the loop that does its work, once it has started."""
GRACE_SECONDS = 10
TARGET = "speaktracker.target"

_UNIT = """\
# Written by `speaktracker units --write` from the Procfile: change that, not this.
[Unit]
Description=SpeakTracker: {name}
After=network-online.target
Wants=network-online.target
PartOf={target}
StartLimitIntervalSec=0

[Service]
Type=exec
User=speaktracker
Group=speaktracker
WorkingDirectory={home}
EnvironmentFile={environment}
Environment=PATH={home}/.venv/bin:/usr/bin:/bin
Environment=PYTHONUNBUFFERED=1
Environment=METRICS_PORT={port}
Environment=LOG_FILE=/var/log/speaktracker/{name_of_log}.jsonl
ExecStart=/bin/sh -c "exec {command}"
Restart=always
RestartSec=2
KillMode=mixed
TimeoutStopSec={stop_seconds}
WatchdogSec={watchdog_seconds}
NotifyAccess=main
LimitNOFILE=65536
UMask=0077
StateDirectory=speaktracker
LogsDirectory=speaktracker
{hardening}
[Install]
WantedBy={target}
"""
_HARDENING = """\
# What a program of ours never needs; `systemd-analyze security` weighs it.
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
"""


def units(programs: dict[str, str]) -> dict[str, str]:
    """Return the text of each unit by its file's name; of workers there may be several on a host: `NAME@1`, `NAME@2`.

    Raises:
        ValueError: there are more programs than ports for their metrics.
    """
    if len(programs) > 90:
        raise ValueError("there are more programs than ports for their metrics")
    named = {name: is_worker(command) for name, command in programs.items()}
    found = {
        file_name(name, has_instances=named[name]): _unit(name, command, number, has_instances=named[name])
        for number, (name, command) in enumerate(programs.items())
    }
    return found | {TARGET: _target(named)}


def is_worker(command: str) -> bool:
    """Tell whether several of a program may run on one host."""
    return NODE.search(command) is not None


def file_name(name: str, *, has_instances: bool) -> str:
    """Return the file of a program's unit."""
    return f"speaktracker-{name}{'@' if has_instances else ''}.service"


def _unit(name: str, command: str, number: int, *, has_instances: bool) -> str:
    node = NODE.sub(r"\1-%i@", command.replace("%", "%%")) if has_instances else command.replace("%", "%%")
    return _UNIT.format(
        name=f"{name} %i" if has_instances else name,
        name_of_log=name,
        target=TARGET,
        home=HOME,
        environment=ENVIRONMENT,
        port=f"{FIRST_PORT + number}{'%i' if has_instances else '0'}",
        command=node.replace("$", "$$").replace('"', '\\"'),
        stop_seconds=STOP_SECONDS + GRACE_SECONDS,
        watchdog_seconds=WATCHDOG_SECONDS,
        hardening=_HARDENING,
    )


def _target(named: dict[str, bool]) -> str:
    wanted = " ".join(f"speaktracker-{name}{'@1' if several else ''}.service" for name, several in named.items())
    return f"""\
# Written by `speaktracker units --write` from the Procfile: change that, not this.
[Unit]
Description=SpeakTracker: the programs of this host
Wants={wanted}

[Install]
WantedBy=multi-user.target
"""
