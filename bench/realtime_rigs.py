"""Everything that one contender needs, started for it and stopped after it."""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.request import urlopen

from bench.realtime_client import Seat
from bench.realtime_contenders import PEERS, ROOT, Environments, Peer
from bench.realtime_load import Plan
from bench.realtime_orders import OrderedLoad
from bench.realtime_people import ROOMS_EACH, People
from bench.realtime_processes import CLIENTS, HOST, SERVERS, Program, free_port
from bench.realtime_wire import DIALECTS
from cli.environment import common_environment
from cli.run_directory import RunDirectory
from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.provisioner import Provisioner
from shared.kernel.settings import read_settings

PROCESSES = 2
_networks = cycle(range(1, 255))
BINARIES = Path(sys.executable).parent
_MANY = "1000000"
_WORKER = "celery -A workers.app worker -n bench@%h -Q persistence --concurrency 8 --without-gossip --without-mingle"


class Rig:
    """A bus, two server processes, and the load."""

    dialect = "plain"
    counter = ""

    def __init__(self, folder: Path) -> None:
        """Keep a folder for logs and data; nothing is started yet."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._network = next(_networks)
        self.servers: list[Program] = []
        self.ports: list[int] = []
        self._running = ExitStack()

    def __enter__(self) -> Self:
        """Start everything."""
        try:
            self.redis_port = free_port()
            data = self.folder / "redis"
            self.bus = self.start(
                f"{sys.executable} -m embedded.redis_server --port {self.redis_port} --directory {data}",
                SERVERS,
                self.redis_port,
            )
            self.start_servers()
        except BaseException:
            self._running.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Stop everything, the latest first."""
        self._running.close()

    @property
    def redis_url(self) -> str:
        """Where the bus is."""
        return f"redis://{HOST}:{self.redis_port}/0"

    def start(
        self, command: str, processor: int, port: int, environment: dict[str, str] | None = None, folder: Path = ROOT
    ) -> Program:
        """Start a program that ends with the rig."""
        log = self.folder / "programs.log"
        program = Program(command, log, processor=processor, environment=environment or {}, folder=folder, port=port)
        self._running.callback(program.stop)
        return program

    def start_servers(self) -> None:
        """Start what is measured."""
        raise NotImplementedError

    def seats(self, rooms: int, members: int) -> list[Seat]:
        """Return the connections to make, half of each room's members on either process."""
        dialect = DIALECTS[self.dialect]()
        return [
            {
                "port": self.ports[number % members % PROCESSES],
                "path": dialect.address(room, f"u{number}"),
                "room": room,
                "user": f"u{number}",
            }
            for number in range(rooms * members)
            for room in [f"room-{number // members}"]
        ]

    def load(self, rooms: int, members: int) -> OrderedLoad:
        """Start the load, which ends with the rig, and return it when it is connected.

        Raises:
            RuntimeError: it failed.
        """
        plan: Plan = {
            "dialect": self.dialect,
            "seats": self.seats(rooms, members),
            "members": members,
            "servers": [server.pid for server in self.servers],
            "bus": [self.bus.pid],
            "size": 120,
            "at_once": 64,
            "network": self._network,
            "counter": self.counter,
        }
        load = OrderedLoad(plan, self.folder)
        self._running.callback(load.close)
        return load


class PeerRig(Rig):
    """Two processes of a peer."""

    def __init__(self, folder: Path, peer: Peer, environments: Environments) -> None:
        """Keep whom to start."""
        super().__init__(folder)
        self.dialect = peer.dialect
        self._peer, self._environments = peer, environments

    def start_servers(self) -> None:
        """Start the peer's processes."""
        known = {"BUS": self.redis_url, "NODE_PATH": str(self._environments.modules)}
        for _ in range(PROCESSES):
            port = free_port()
            command = self._peer.command.format(bin=self._environments.binaries, port=port)
            self.servers.append(self.start(command, SERVERS, port, known, PEERS))
            self.ports.append(port)
        for port in self.ports:
            with urlopen(f"http://{HOST}:{port}/healthz", timeout=10):
                pass  # only to warm it up
        time.sleep(1)


class OurRig(Rig):
    """Two gateway processes with an embedded AWS; where it stores, also a worker, and a proxy that counts SQS calls."""

    def __init__(
        self, folder: Path, *, stores: bool, dialect: str = "speaktracker", processes: int = PROCESSES, **settings: str
    ) -> None:
        """Keep how to start it."""
        super().__init__(folder)
        self.dialect = dialect
        self._processes = processes
        self._stores = stores
        self._settings = settings
        self._people: People | None = None

    def start_servers(self) -> None:
        """Start AWS's stand-in, provision it, and start the gateways."""
        self._endpoint = self._start_aws()
        directory = RunDirectory(self.folder / "run")
        self.known = read_settings(
            aws_endpoint_url=f"http://{HOST}:{self._endpoint}",
            redis_url=self.redis_url,
            cursor_key="only-for-the-benchmark",
        )
        self.provisioned = Provisioner(AwsClients(self.known), self.known).provision()
        common = common_environment(self.known, self.provisioned, directory) | {
            "REQUESTS_PER_TWO_SECONDS": _MANY,
            "ROOM_TOKEN_TTL_SECONDS": "3600",
            "CONNECTIONS_PER_USER": "50",
            "ROOMS_PER_USER": str(ROOMS_EACH),
            "FRAMES_PER_TWO_SECONDS_PER_USER": _MANY,
            "MAX_CONNECTIONS": "19000",
            "WEB_CONCURRENCY": "1",
            "LOG_LEVEL": os.environ.get("BENCH_LOG_LEVEL", "warning"),
            "PYTHONPATH": os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(ROOT)))),
            **self._settings,
        }
        application = "web.wsgi:app" if self._stores else "bench.realtime_gateway:app"
        for _ in range(self._processes):
            port = free_port()
            command = f"{BINARIES}/gunicorn -c web/gunicorn_configuration.py {application}"
            self.servers.append(self.start(command, SERVERS, port, common | {"PORT": str(port)}))
            self.ports.append(port)
        if self._stores:
            self.start(f"{BINARIES}/{_WORKER}", CLIENTS, 0, common)

    def seats(self, rooms: int, members: int) -> list[Seat]:
        """Return connections of signed-in users with room tokens."""
        people = self.people(-(-rooms // ROOMS_EACH) * members)
        tickets = people.tickets(people.rooms(rooms), members)
        return [
            {
                "port": self.ports[number % members % self._processes],
                "path": f"/ws?roomToken={token}",
                "room": room,
                "user": user,
            }
            for number, (room, token, user) in enumerate(tickets)
        ]

    def people(self, count: int) -> People:
        """Return the signed-in users, made on first use."""
        if self._people is None:
            self._people = People(self.known, self.provisioned, self.ports, count)
        return self._people

    def _start_aws(self) -> int:
        port, data = free_port(), self.folder / "aws"
        self.start(f"{sys.executable} -m embedded.aws --port {port} --directory {data}", CLIENTS, port)
        if not self._stores:
            return port
        proxy = free_port()
        self.start(f"{sys.executable} -m bench.realtime_proxy {proxy} {port}", CLIENTS, proxy)
        self.counter = f"http://{HOST}:{proxy}/calls"
        return proxy
