"""What is compared: our own gateway, and small servers of the same work on other stacks, each set up apart."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "bench" / "peers"
OURS = "ours"
PUSHES = "ours (pushes)"
OUR_DIALECTS = {OURS: "speaktracker", PUSHES: "typing"}
_GUNICORN = "{bin}/gunicorn -w 1 -b 127.0.0.1:{port} --backlog 4096 --log-level error --worker-connections 19000 "
_UVICORN = "{bin}/uvicorn --host 127.0.0.1 --port {port} --backlog 4096 --loop uvloop --http httptools "


@dataclass(frozen=True)
class Peer:
    """A server of somebody else's stack; `command` runs one process of it."""

    name: str
    command: str
    dialect: str = "plain"
    is_node: bool = False


PEER_LIST = (
    Peer("flask-sock", _GUNICORN + "--graceful-timeout 1 -k gevent flask_sock_server:app"),
    Peer("aiohttp", "{bin}/python aiohttp_server.py {port}"),
    Peer(
        "FastAPI on uvicorn",
        _UVICORN + "--log-level error --ws websockets-sansio --ws-per-message-deflate false fastapi_server:app",
    ),
    Peer("node ws", "node ws_server.js {port}", is_node=True),
    Peer("Socket.IO", "node socketio_server.js {port}", "socketio", is_node=True),
    Peer("node ws (ordered)", "node ws_ordered_server.js {port}", is_node=True),
    Peer("Socket.IO (ordered)", "node socketio_ordered_server.js {port}", "socketio", is_node=True),
    Peer("aiohttp (ordered)", "{bin}/python aiohttp_ordered_server.py {port}"),
)
"""The ordered ones promise what our messages do: a place in the room, history, each request id once, and that the
sender is told when the queue has it. The others only pass on what is said, as our pushes do.
"""


class Environments:
    """The peers' packages, installed once into a folder outside the repository."""

    def __init__(self, folder: Path) -> None:
        """Keep the folder."""
        self._folder = folder

    @property
    def binaries(self) -> Path:
        """Where the Python peers' programs are."""
        return self._folder / "venv" / "bin"

    def ready(self, peer: Peer) -> bool:
        """Install what a peer needs; tell whether that could be done here."""
        return self._node() if peer.is_node else self._python()

    def _python(self) -> bool:
        if not (self.binaries / "uvicorn").exists():
            lock = str(PEERS / "requirements.txt")
            subprocess.run([sys.executable, "-m", "venv", str(self._folder / "venv")], check=True)
            installed = subprocess.run([str(self.binaries / "pip"), "install", "-q", "-r", lock], check=False)
            return installed.returncode == 0
        return True

    def _node(self) -> bool:
        if shutil.which("npm") is None:
            return False
        if not (self.modules / "ioredis").exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(PEERS / name, self._folder)
            installed = subprocess.run(["npm", "ci", "--silent"], cwd=self._folder, check=False)
            return installed.returncode == 0
        return True

    @property
    def modules(self) -> Path:
        """Where the Node peers' packages are."""
        return self._folder / "node_modules"
