"""The realtime benchmark: `python -m bench.realtime`; `--help` tells how to run parts of it.

Four parts, each a table:

- `fanout`: our gateway and other stacks, all up at the same time and measured by turns, a few seconds each, so that
  ratios are those of neighbouring moments; 1,000 rooms of 6 over two processes each, half of each room on either, and a
  Redis. Ours does all that the product does (sign-in, room tokens, order, history, deduplication, presence); only its
  queue is a stand-in that counts. The ordered peers (`bench/peers`) promise what our messages do, order, history,
  deduplication, and an acknowledgement by such a queue, to anybody who connects. The other peers check nothing, keep
  nothing and publish. The same work as theirs is `ours (pushes)`: the same gateway, but who types is told instead of a
  message: it is checked, limited, published and delivered, and nothing is kept. Who types does not hear it, so six such
  frames are sent for five messages: rates are those of deliveries.
- `storing`: our gateway with SQS and a worker that stores, at rising rates: SQS calls (sends, receives and deletes,
  gateways' and worker's) per stored message, and how long acknowledgements take.
- `idle`: many connections to one process, what they cost in memory, and to be kept alive.
- `flood`: how long `/healthz` takes while the bus is flooded.

Servers and Redis run on one processor, the load, AWS's stand-in and the worker on another. It needs Linux with two
processors and `taskset`; the peers' packages are installed on demand into a folder of their own, from the locks in
`bench/peers`, and a peer that cannot be installed is left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench import realtime_tables as tables
from bench.realtime_client import Crowd
from bench.realtime_contenders import OUR_DIALECTS, OURS, PEER_LIST, PUSHES, ROOT, Environments
from bench.realtime_meter import Row
from bench.realtime_orders import OrderedLoad
from bench.realtime_processes import CLIENTS, HOST, pinned
from bench.realtime_rigs import OurRig, PeerRig, Rig
from bench.realtime_tables import MEMBERS
from bench.realtime_wire import SpeakTracker
from shared.kernel.topics import room_topic

FAN_OUT_RATES = [200.0, 1000.0, 2500.0]
STORING_RATES = [1.0, 10.0, 100.0, 500.0, 1000.0]
PARTS = ("fanout", "storing", "idle", "flood")
WARM_UP_SECONDS = 5.0
FLOOD_SECONDS = 8.0
CONTENDERS = [*OUR_DIALECTS, *(peer.name for peer in PEER_LIST)]


def options() -> argparse.Namespace:
    """Return what was asked for."""
    asked = argparse.ArgumentParser(prog="python -m bench.realtime", description=__doc__.splitlines()[0])
    asked.add_argument("--parts", default=",".join(PARTS), help=f"which of {', '.join(PARTS)}")
    asked.add_argument("--only", default="", help=f"of {', '.join(CONTENDERS)}")
    asked.add_argument("--repeat", type=int, default=2, help="times that all are started anew")
    asked.add_argument("--rooms", type=int, default=1000)
    asked.add_argument("--window", type=float, default=5.0, help="seconds measured at each rate")
    asked.add_argument(
        "--windows", type=int, default=3, help="of each rate in a run, contenders and rates taking turns"
    )
    asked.add_argument("--limit", type=float, default=3000.0, help="messages a second to begin the search; 0: none")
    asked.add_argument("--slow", type=int, default=10, help="readers that stall; 0: none")
    asked.add_argument("--connections", default="10000,15000", help="how many idle ones")
    asked.add_argument("--peers", type=Path, default=Path(tempfile.gettempdir()) / "speaktracker-bench-peers")
    asked.add_argument("--json", type=Path, help="also write the rows to this file")
    return asked.parse_args()


class Bench:
    """Runs the parts that were asked for."""

    def __init__(self, asked: argparse.Namespace, folder: Path) -> None:
        """Keep what was asked and a folder for this run."""
        self._asked, self._folder = asked, folder
        self._rigs = 0
        self.rows: dict[str, Any] = {}

    def run(self) -> None:
        """Run the parts and print their tables."""
        for part in self._asked.parts.split(","):
            print(f"\n## {part}\n", flush=True)
            print(getattr(self, part)(), flush=True)

    def fanout(self) -> str:
        """Return the table of all contenders."""
        asked = self._asked
        runs: tables.Runs = {}
        for turn in range(asked.repeat):
            with ExitStack() as running:
                loads = self._contending(running, f"run {turn + 1} of {asked.repeat}")
                self._by_turns(loads, "warm-up", rate=FAN_OUT_RATES[-1], window=WARM_UP_SECONDS)
                for window in range(asked.windows):
                    _say(f"windows {window + 1} of {asked.windows}")
                    for rate in FAN_OUT_RATES:
                        self._by_turns(loads, "steady", rate=rate, window=asked.window)
                if asked.limit:
                    self._by_turns(loads, "limit", start=asked.limit)
                if asked.slow:
                    self._by_turns(loads, "slow", stalled=asked.slow)
                for name, load in loads.items():
                    runs.setdefault(name, []).append(load.rows)
        self.rows["fanout"] = runs
        return f"{tables.fan_out(runs, (OURS, PUSHES))}\n\n{tables.disturbance(runs)}"

    def _contending(self, running: ExitStack, which: str) -> dict[str, OrderedLoad]:
        """Start all that were asked for and can be; return their loads, connected."""
        asked = self._asked
        environments = Environments(asked.peers)
        loads: dict[str, OrderedLoad] = {}
        for name in asked.only.split(",") if asked.only else CONTENDERS:
            _say(f"{name} starts, {which}")
            peer = next((one for one in PEER_LIST if one.name == name), None)
            if peer is not None and not environments.ready(peer):
                _say(f"{name} cannot be installed here: left out")
                continue
            folder = self._next_folder()
            rig = PeerRig(folder, peer, environments) if peer else self._our_rig(folder, name)
            try:
                loads[name] = running.enter_context(rig).load(asked.rooms, MEMBERS)
            except RuntimeError as problem:
                _say(f"{name} left out: {str(problem).strip().splitlines()[-1]}")
        return loads

    def _by_turns(self, loads: dict[str, OrderedLoad], phase: str, **how: float) -> None:
        """Have all do the same, one after the other; whoever fails is left out from now on."""
        for name in list(loads):
            try:
                loads[name].order(phase, **how)
            except RuntimeError as problem:
                _say(f"{name} left out: {problem}")
                del loads[name]

    def _our_rig(self, folder: Path, name: str) -> Rig:
        return OurRig(folder, stores=False, dialect=OUR_DIALECTS[name])

    def storing(self) -> str:
        """Return the table of what storing costs."""
        runs = []
        for turn in range(self._asked.repeat):
            _say(f"storing, run {turn + 1} of {self._asked.repeat}")
            with OurRig(self._next_folder(), stores=True) as rig:
                load = rig.load(self._asked.rooms, MEMBERS)
                for rate in STORING_RATES:
                    load.order("steady", rate=rate, window=max(self._asked.window, 10.0))
                runs.append(load.rows)
        self.rows["storing"] = runs
        return tables.storing(runs)

    def idle(self) -> str:
        """Return the table of idle connections, all on one process."""
        found: list[tuple[str, list[Row]]] = []
        for number in map(int, self._asked.connections.split(",")):
            _say(f"{number} idle connections")
            with OurRig(self._next_folder(), stores=False, processes=1) as rig:
                load = rig.load(number // MEMBERS, MEMBERS)
                load.order("idle", seconds=30.0)
            found.append((f"{number:,} in one process", load.rows))
        self.rows["idle"] = found
        return tables.idle(found)

    def flood(self) -> str:
        """Return the table of what a flooded bus does to plain requests."""
        with OurRig(self._next_folder(), stores=False, processes=1) as rig:
            [seat] = rig.seats(1, 1)
            crowd = Crowd(SpeakTracker(), 0)
            if crowd.connect([seat], 1, 10.0):
                raise RuntimeError("no connection")
            topic, user = room_topic(seat["room"]), rig.people(1).user_ids[0]
            command = [sys.executable, "-m", "bench.realtime_flood", rig.redis_url, str(FLOOD_SECONDS), topic, user]
            calm = asked_health(rig.ports[0], 2.0)
            flooding = subprocess.Popen(pinned(command, CLIENTS), cwd=ROOT, stdout=subprocess.PIPE, text=True)
            flooded = asked_health(rig.ports[0], FLOOD_SECONDS - 2.0)
            published = int(flooding.communicate()[0])
            crowd.close()
        self.rows["flood"] = [calm, flooded, published]
        return tables.flood(calm, flooded, published)

    def _next_folder(self) -> Path:
        self._rigs += 1
        return self._folder / str(self._rigs)


def asked_health(port: int, seconds: float) -> list[int]:
    """Ask `/healthz` again and again for so long; return the nanoseconds that each answer took."""
    http = HTTPConnection(HOST, port, timeout=30)
    took: list[int] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic_ns()
        http.request("GET", "/healthz")
        http.getresponse().read()
        took.append(time.monotonic_ns() - began)
        time.sleep(0.01)
    return took


def _say(what: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {what}", file=sys.stderr, flush=True)


def main() -> None:
    """Run what the command line asks for."""
    asked = options()
    with tempfile.TemporaryDirectory(prefix="bench-realtime-") as folder:
        bench = Bench(asked, Path(folder))
        try:
            bench.run()
        finally:
            if asked.json:
                asked.json.write_text(json.dumps(bench.rows), "utf-8")


if __name__ == "__main__":
    main()
