"""What supervisor is told: one program for each line of the Procfile, and those that stand in for AWS and Redis."""

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 20
EMBEDDED = "embedded"
PLATFORM = "platform"
_PRIORITIES = {EMBEDDED: 10, PLATFORM: 20}  # the lower starts first and stops last

_HEAD = """\
[supervisord]
nodaemon=true
silent=true
umask=077
identifier=speaktracker
logfile={directory}/supervisord.log
logfile_maxbytes=1MB
logfile_backups=1
pidfile={directory}/supervisord.pid
{user}
[inet_http_server]
port=127.0.0.1:{port}
username={username}
password={password}

[supervisorctl]
serverurl=http://127.0.0.1:{port}
username={username}
password={password}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""

_PROGRAM = """
[program:{name}]
command={command}
directory={root}
environment={environment}
autostart=true
autorestart=true
startsecs=2
startretries=2
stopsignal=TERM
stopwaitsecs={stop_seconds}
stopasgroup=false
killasgroup=true
redirect_stderr=true
stdout_logfile={directory}/{name}.log
stdout_logfile_maxbytes=16MB
stdout_logfile_backups=1
"""

_GROUP = """
[group:{name}]
programs={programs}
priority={priority}
"""


@dataclass(frozen=True)
class Program:
    """One program: a shell command that stays in the foreground, and what its environment has beside the common one.

    It is asked to end by SIGTERM to the process itself, which knows how to drain its own children;
    after `stop_seconds` its whole process group is killed.
    """

    name: str
    command: str
    environment: Mapping[str, str] = field(default_factory=dict)
    group: str = PLATFORM
    stop_seconds: int = STOP_SECONDS


@dataclass(frozen=True)
class Access:
    """Where supervisor answers, and to whom; on the loopback only."""

    port: int
    password: str
    username: str = "speaktracker"


def configuration(programs: Sequence[Program], access: Access, *, directory: Path, root: Path) -> str:
    """Return the text of supervisord.conf; it holds secrets, so its file is the owner's alone."""
    head = _HEAD.format(
        directory=_escaped(str(directory)),
        port=access.port,
        username=access.username,
        password=_escaped(access.password),
        # supervisor complains of root unless it is told that this is meant
        user="user=root\n" if os.getuid() == 0 else "",
    )
    sections = [_program(program, directory, root) for program in programs]
    return head + "".join(sections) + "".join(_groups(programs))


def _program(program: Program, directory: Path, root: Path) -> str:
    return _PROGRAM.format(
        name=program.name,
        # a shell, as at Heroku, for variables such as $PORT; it is replaced, so that signals reach the program
        command=_escaped(f"/bin/sh -c {shlex.quote('exec ' + program.command)}"),
        root=_escaped(str(root)),
        directory=_escaped(str(directory)),
        environment=",".join(f"{name}={_quoted(value)}" for name, value in sorted(program.environment.items())),
        stop_seconds=program.stop_seconds,
    )


def _groups(programs: Sequence[Program]) -> list[str]:
    names: dict[str, list[str]] = {}
    for program in programs:
        names.setdefault(program.group, []).append(program.name)
    return [
        _GROUP.format(name=group, programs=",".join(members), priority=_PRIORITIES[group])
        for group, members in names.items()
    ]


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(value: str) -> str:
    if '"' in value and "'" in value:
        raise ValueError("supervisor takes no value with both kinds of quotes")
    quote = "'" if '"' in value else '"'
    return f"{quote}{_escaped(value)}{quote}"
