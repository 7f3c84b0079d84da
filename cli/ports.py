"""Free ports of this machine, and what is said when a wanted one is taken."""

import socket
from collections.abc import Iterable, Mapping

import click

LOOPBACK = "127.0.0.1"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Tell whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # as servers do: connections of the last run that linger in TIME_WAIT do not count
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def is_listening(port: int, host: str = LOOPBACK) -> bool:
    """Tell whether a server takes connections there."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def require_free(port: int, host: str) -> None:
    """Return if the gateway can listen there.

    Raises:
        ClickException: another program does; the message says how to go on.
    """
    if not is_free(port, host):
        raise click.ClickException(
            f"Port {port} is taken by another program. Stop that program, or choose another port: "
            f"PORT={port + 1} make run"
        )


def choose_ports(names: Iterable[str], wished: Mapping[str, int], *, taken: Iterable[int] = ()) -> dict[str, int]:
    """Return a free loopback port for each name, all different: the wished one (of the last run) where it is free."""
    used = set(taken)
    chosen: dict[str, int] = {}
    for name in names:
        port = wished.get(name, 0)
        while port in used or not port or not is_free(port):
            port = _any_free()
        chosen[name] = port
        used.add(port)
    return chosen


def _any_free() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
