"""One run of the load: `python -m bench.realtime_load PLAN.json`, a process of its own on a processor of its own.

It is an open loop: messages leave at a fixed total rate whatever the servers do, each member of a room in turn; more
where who speaks does not hear it, so that deliveries are as many. It prints one JSON object a phase, in this order:
connect, check (each member gets each message exactly once), then, as the plan says, idle, steady (fixed rates), limit
(the largest rate whose p99 stays below 200 ms with nothing missing) and slow (some members stop reading while their
rooms get large messages).
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, repeat
from pathlib import Path
from typing import Any, TypedDict
from urllib.request import urlopen

from bench.realtime_client import NOW, Client, Crowd, Seat
from bench.realtime_numbers import busy_seconds, memory_kib, processor_seconds, quantile, tree
from bench.realtime_wire import DIALECTS, FILL

LATE_MS = 200.0
LOST_SHARE = 0.005
_STRIDE = 7919  # a prime: rooms and members take turns evenly
_GROWTH = 1.5
_STEPS = 9
_SETTLE = 1.0
_DRAIN = 2.0
_LARGE = 48_000  # bytes of a message that stalled readers do not take

Row = dict[str, Any]


class Plan(TypedDict):
    """What to do."""

    dialect: str
    seats: list[Seat]
    members: int
    servers: list[int]
    bus: list[int]
    rates: list[float]
    window: float
    idle: float
    limit: float
    slow: int
    size: int
    at_once: int
    counter: str


class Usage(TypedDict):
    """What was used up to a moment."""

    at: float
    server: float
    bus: float
    client: float
    busy: float
    received: int
    calls: int


class Load:
    """Runs the phases of a plan."""

    def __init__(self, plan: Plan) -> None:
        """Prepare; nothing is connected yet."""
        self._plan = plan
        self._dialect = DIALECTS[plan["dialect"]]()
        self._crowd = Crowd(self._dialect)
        self._text = (FILL * 20)[: plan["size"]]
        self._hearers = plan["members"] - (not self._dialect.hears_itself)
        self._beside: Iterator[None] = repeat(None)

    def run(self) -> None:
        """Run all phases, printing each one's row."""
        plan = self._plan
        self._print("connect", self._connect())
        self._print("check", self._check())
        if plan["idle"]:
            self._print("idle", self._idle(plan["idle"]))
        for rate in plan["rates"]:
            self._print("steady", self._window(rate, plan["window"]))
        if plan["limit"]:
            self._print("limit", self._limit(plan["limit"]))
        if plan["slow"]:
            self._print("slow", self._slow(plan["slow"]))
        self._crowd.close()

    def _print(self, phase: str, row: Row) -> None:
        print(json.dumps({"phase": phase, **row}), flush=True)

    def _usage(self) -> Usage:
        return {
            "at": time.monotonic(),
            "server": processor_seconds(tree(self._plan["servers"])),
            "bus": processor_seconds(tree(self._plan["bus"])),
            "client": processor_seconds([os.getpid()]),
            "busy": busy_seconds(),
            "received": self._crowd.samples.received,
            "calls": self._calls(),
        }

    def _calls(self) -> int:
        if not self._plan["counter"]:
            return 0
        with urlopen(self._plan["counter"], timeout=5) as answer:
            return int(json.load(answer)["sqs"])

    def _connect(self) -> Row:
        plan = self._plan
        before, memory = self._usage(), memory_kib(tree(plan["servers"]))
        failed = self._crowd.connect(plan["seats"], plan["at_once"], 30 + len(plan["seats"]) / 50)
        after = self._usage()
        self._crowd.pass_time(2)
        gc.collect()
        held = len(self._crowd.clients)
        if not held:
            raise RuntimeError(f"none of {failed} connections was made")
        grown = memory_kib(tree(plan["servers"])) - memory
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
        before = self._usage()
        self._crowd.pass_time(seconds)
        after = self._usage()
        share = (after["server"] - before["server"]) / (after["at"] - before["at"])
        return {"cpu_percent": round(100 * share, 2), "closed": sum(one.closed for one in self._crowd.clients)}

    def _window(self, rate: float, seconds: float, speakers: list[Client] | None = None) -> Row:
        """Send for a moment and then for so many seconds, which are reported, at the rate that all members hear."""
        samples = self._crowd.samples
        clients = speakers or self._crowd.clients
        samples.reset()
        gc.collect()
        begin = NOW()
        samples.begin = begin + int(_SETTLE * 1e9)
        samples.end = samples.begin + int(seconds * 1e9)
        before, sent, lag = self._send(clients, rate * self._plan["members"] / self._hearers, begin)
        after = self._usage()
        deadline = time.monotonic() + _DRAIN
        wanted, acknowledged = sent * self._hearers, sent * self._dialect.acknowledges
        while time.monotonic() < deadline and (
            len(samples.latencies) < wanted or len(samples.acknowledgements) < acknowledged
        ):
            self._crowd.turn(0.05)
        return self._report(rate, sent, before, after) | {"lag_ms": quantile(lag, 0.99)}

    def _send(self, clients: list[Client], rate: float, begin: int) -> tuple[Usage, int, list[int]]:
        samples = self._crowd.samples
        before: Usage | None = None
        at, sent, due, gap = 0, 0, float(begin), 1e9 / rate
        lag: list[int] = []
        while (now := NOW()) < samples.end:
            if before is None and now >= samples.begin:
                before = self._usage()
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

    def _report(self, rate: float, sent: int, before: Usage, after: Usage) -> Row:
        samples = self._crowd.samples
        wanted, got = sent * self._hearers, len(samples.latencies)
        delivered = max(after["received"] - before["received"], 1)
        wall = after["at"] - before["at"]
        spent = {name: after[name] - before[name] for name in ("server", "bus", "client", "busy")}
        whole = wanted - got <= LOST_SHARE * wanted
        return {
            "rate": rate,
            "sent": sent,
            "deliveries_a_second": round(delivered / wall),
            "missing": wanted - got,
            "p50": quantile(samples.latencies, 0.5),
            "p99": quantile(samples.latencies, 0.99) if whole else None,
            "acks_missing": sent * self._dialect.acknowledges - len(samples.acknowledgements),
            "ack_p50": quantile(samples.acknowledgements, 0.5),
            "ack_p99": quantile(samples.acknowledgements, 0.99),
            "cpu_ms": round(1e6 * (spent["server"] + spent["bus"]) / delivered, 2),
            "bus_ms": round(1e6 * spent["bus"] / delivered, 2),
            "a_cpu_second": round(delivered / max(spent["server"] + spent["bus"], 0.01)),
            "client_percent": round(100 * spent["client"] / wall),
            "others_percent": round(100 * (spent["busy"] - spent["server"] - spent["bus"] - spent["client"]) / wall),
            "calls_a_message": round((after["calls"] - before["calls"]) / max(sent, 1), 3),
        }

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

    def _slow(self, count: int) -> Row:
        """Let one member of some rooms stop reading while those rooms get 48 KB messages; report on the others."""
        rooms = self._rooms()
        stalled, others = rooms[:count], [client for members in rooms[count:] for client in members]
        for members in stalled:
            for client in members:
                client.is_muted = True
            self._crowd.ignore(members[-1])
        memory = memory_kib(tree(self._plan["servers"]))
        self._beside = self._flood([members[0] for members in stalled])
        row = self._window(200.0, 12.0, others)
        grown = memory_kib(tree(self._plan["servers"])) - memory
        for members in stalled:
            self._crowd.watch(members[-1])
        self._crowd.pass_time(4)
        return {
            "p50": row["p50"],
            "p99": row["p99"],
            "missing": row["missing"],
            "grown_mib": round(grown / 1024, 1),
            "stalled": count,
            "stalled_closed": sum(members[-1].closed for members in stalled),
            "mates_closed": sum(client.closed for members in stalled for client in members[:-1]),
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
