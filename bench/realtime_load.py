"""One run of the load: `python -m bench.realtime_load PLAN.json`, a process of its own on a processor of its own.

It is an open loop: messages leave at a fixed total rate whatever the servers do, each member of a room in turn; more
where who speaks does not hear it, so that deliveries are as many. It prints one JSON object a phase: connect, check
(each member gets each message exactly once), and then whatever is ordered on standard input, a JSON object a line, as
often as it is: steady (a fixed rate; warm-up is the same by another name), idle, limit (the largest rate whose p99
stays below 200 ms with nothing missing) and slow (some members stop reading while their rooms get large messages).
Between orders it only answers pings, so that several loads may take turns. It ends with its input.
"""

from __future__ import annotations

import gc
import json
import resource
import select
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle, repeat
from pathlib import Path
from typing import Any, TypedDict

from bench.realtime_client import NOW, Client, Crowd, Seat
from bench.realtime_meter import Meter, Row, Usage
from bench.realtime_numbers import quantile
from bench.realtime_wire import DIALECTS, FILL

LATE_MS = 200.0
_STRIDE = 7919  # a prime: rooms and members take turns evenly
_GROWTH = 1.5
_STEPS = 9
_SETTLE = 1.0
_DRAIN = 2.0
_LARGE = 48_000  # bytes of a message that stalled readers do not take


class Plan(TypedDict):
    """What to do."""

    dialect: str
    seats: list[Seat]
    members: int
    servers: list[int]
    bus: list[int]
    size: int
    at_once: int
    network: int
    counter: str


class Load:
    """Runs the phases of a plan."""

    def __init__(self, plan: Plan) -> None:
        """Prepare; nothing is connected yet."""
        self._plan = plan
        self._dialect = DIALECTS[plan["dialect"]]()
        self._crowd = Crowd(self._dialect, plan["network"])
        self._meter = Meter(plan["servers"], plan["bus"], plan["counter"], self._crowd.samples)
        self._text = (FILL * 20)[: plan["size"]]
        self._hearers = plan["members"] - (not self._dialect.hears_itself)
        self._beside: Iterator[None] = repeat(None)

    def run(self) -> None:
        """Connect, check, and do what is ordered; print each phase's row."""
        phases: dict[str, Callable[..., Row]] = {
            "warm-up": self._window,
            "steady": self._window,
            "idle": self._idle,
            "limit": self._limit,
            "slow": self._slow,
        }
        self._print("connect", self._connect())
        self._print("check", self._check())
        while order := self._next_order():
            phase = order.pop("phase")
            self._print(phase, phases[phase](**order))
        self._crowd.close()

    def _next_order(self) -> dict[str, Any] | None:
        """Wait for an order, answering pings; None where there are no more."""
        while not select.select([sys.stdin], [], [], 0)[0]:
            self._crowd.turn(0.05)
        line = sys.stdin.readline()
        return json.loads(line) if line else None

    def _print(self, phase: str, row: Row) -> None:
        print(json.dumps({"phase": phase, **row}), flush=True)

    def _connect(self) -> Row:
        plan = self._plan
        before, memory = self._meter.usage(), self._meter.memory_kib()
        failed = self._crowd.connect(plan["seats"], plan["at_once"], 30 + len(plan["seats"]) / 50)
        after = self._meter.usage()
        self._crowd.pass_time(2)
        gc.collect()
        held = len(self._crowd.clients)
        if not held:
            raise RuntimeError(f"none of {failed} connections was made")
        grown = self._meter.memory_kib() - memory
        spent = after["server"] - before["server"] + after["bus"] - before["bus"]
        return {
            "held": held,
            "failed": failed,
            "a_second": round(held / (after["at"] - before["at"])),
            "cpu_ms": round(1000 * spent / max(held, 1), 2),
            "kib": round(grown / max(held, 1), 2),
        }

    def _rooms(self) -> list[list[Client]]:
        rooms: dict[str, list[Client]] = {}
        for client in self._crowd.clients:
            rooms.setdefault(client.room, []).append(client)
        return list(rooms.values())

    def _check(self) -> Row:
        """Let one member of each of 20 rooms speak; count who heard it."""
        samples = self._crowd.samples
        samples.reset()
        samples.begin, samples.end = 0, 1 << 62
        rooms, spoken = self._rooms()[:20], dict[int, int]()
        for members in rooms:
            spoken[self._say(members[0], self._text)] = len(members) - (not self._dialect.hears_itself)
            self._crowd.turn(0.01)
        self._crowd.pass_time(1.5)
        heard = Counter(samples.sent)
        wrong = sum(heard[sent] != members for sent, members in spoken.items())
        return {"rooms": len(rooms), "wrong": wrong, "acks": len(samples.acknowledgements)}

    def _say(self, client: Client, text: str) -> int:
        now = NOW()
        client.send(self._dialect.said(client.room, client.user, now, text))
        return now

    def _idle(self, seconds: float) -> Row:
        before = self._meter.usage()
        self._crowd.pass_time(seconds)
        after = self._meter.usage()
        share = (after["server"] - before["server"]) / (after["at"] - before["at"])
        return {"cpu_percent": round(100 * share, 2), "closed": sum(one.closed for one in self._crowd.clients)}

    def _window(self, rate: float, window: float, speakers: list[Client] | None = None) -> Row:
        """Send for a moment and then for so many seconds, which are reported, at the rate that all members hear."""
        samples = self._crowd.samples
        clients = speakers or self._crowd.clients
        samples.reset()
        gc.collect()
        begin = NOW()
        samples.begin = begin + int(_SETTLE * 1e9)
        samples.end = samples.begin + int(window * 1e9)
        before, sent, lag = self._send(clients, rate * self._plan["members"] / self._hearers, begin)
        after = self._meter.usage()
        deadline = time.monotonic() + _DRAIN
        wanted, acknowledged = sent * self._hearers, sent * self._dialect.acknowledges
        while time.monotonic() < deadline and (
            len(samples.latencies) < wanted or len(samples.acknowledgements) < acknowledged
        ):
            self._crowd.turn(0.05)
        row = self._meter.report(before, after, wanted=wanted, wanted_acks=sent * self._dialect.acknowledges)
        calls = round((after["calls"] - before["calls"]) / max(sent, 1), 3)
        return row | {"rate": rate, "sent": sent, "calls_a_message": calls, "lag_ms": quantile(lag, 0.99)}

    def _send(self, clients: list[Client], rate: float, begin: int) -> tuple[Usage, int, list[int]]:
        samples = self._crowd.samples
        before: Usage | None = None
        at, sent, due, gap = 0, 0, float(begin), 1e9 / rate
        lag: list[int] = []
        while (now := NOW()) < samples.end:
            if before is None and now >= samples.begin:
                before = self._meter.usage()
            burst = 0
            while due <= now and burst < 64:
                moment = self._say(clients[at], self._text)
                if samples.begin <= moment < samples.end:
                    sent += 1
                    lag.append(moment - int(due))
                at, due, burst = (at + _STRIDE) % len(clients), due + gap, burst + 1
            next(self._beside)
            self._crowd.turn(min(max((due - NOW()) / 1e9, 0), 0.01))
        assert before is not None
        return before, sent, lag

    def _limit(self, start: float) -> Row:
        """Search the largest rate that is carried in time: grow, then bisect."""
        low, high, best = 0.0, 0.0, None
        rate, most = start, 0
        for _ in range(_STEPS):
            row = self._window(rate, 3.0)
            in_time = row["p99"] is not None and row["p99"] <= LATE_MS
            most = max(most, row["a_cpu_second"])
            if in_time and row["deliveries_a_second"] >= 0.95 * rate * self._plan["members"]:
                low, best = rate, row
            else:
                high = rate
                self._crowd.pass_time(4)
            rate = rate * _GROWTH if not high else (low + high) / 2
            if high and high / max(low, 1) < 1.12:
                break
        return {"best": best, "a_cpu_second": most}

    def _slow(self, stalled: int) -> Row:
        """Let one member of some rooms stop reading while those rooms get 48 KB messages; report on the others."""
        rooms = self._rooms()
        stuck, others = rooms[:stalled], [client for members in rooms[stalled:] for client in members]
        for members in stuck:
            for client in members:
                client.is_muted = True
            self._crowd.ignore(members[-1])
        memory = self._meter.memory_kib()
        self._beside = self._flood([members[0] for members in stuck])
        row = self._window(200.0, 12.0, others)
        self._beside = repeat(None)
        grown = self._meter.memory_kib() - memory
        for members in stuck:
            self._crowd.watch(members[-1])
        self._crowd.pass_time(4)
        return {
            "p50": row["p50"],
            "p99": row["p99"],
            "missing": row["missing"],
            "grown_mib": round(grown / 1024, 1),
            "stalled": stalled,
            "stalled_closed": sum(members[-1].closed for members in stuck),
            "mates_closed": sum(client.closed for members in stuck for client in members[:-1]),
            "others_closed": sum(client.closed for client in others),
        }

    def _flood(self, speakers: list[Client]) -> Iterator[None]:
        """Let each speak ten large messages a second, as often as this is asked for the next."""
        text = (FILL * (_LARGE // len(FILL) + 1))[:_LARGE]
        due = time.monotonic()
        for client in cycle(speakers):
            while time.monotonic() < due:
                yield
            if not client.closed:
                client.send(self._dialect.message(client.room, f"~R{NOW()}~", text))
            due += 0.1 / len(speakers)


def main() -> None:
    """Read the plan and run it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    plan: Plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    Load(plan).run()


if __name__ == "__main__":
    main()
