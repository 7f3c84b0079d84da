"""What a window of the load cost: processor time, memory and calls, and how late the deliveries came."""

from __future__ import annotations

import json
import os
import time
from typing import Any, TypedDict
from urllib.request import urlopen

from bench.realtime_client import Samples
from bench.realtime_numbers import busy_seconds, memory_kib, processor_seconds, quantile, tree

LOST_SHARE = 0.005

Row = dict[str, Any]


class Usage(TypedDict):
    """What was used up to a moment; times in seconds."""

    at: float
    server: float
    bus: float
    client: float
    busy: float
    received: int
    calls: int


class Meter:
    """Looks at the servers and their bus from the load's process."""

    def __init__(self, servers: list[int], bus: list[int], counter: str, samples: Samples) -> None:
        """Watch processes and their children; `counter` is an address that tells how many SQS calls there were."""
        self._servers, self._bus, self._counter, self._samples = servers, bus, counter, samples

    def usage(self) -> Usage:
        """Return what was used so far."""
        return {
            "at": time.monotonic(),
            "server": processor_seconds(tree(self._servers)),
            "bus": processor_seconds(tree(self._bus)),
            "client": processor_seconds([os.getpid()]),
            "busy": busy_seconds(),
            "received": self._samples.received,
            "calls": self._calls(),
        }

    def memory_kib(self) -> int:
        """Return the servers' memory (PSS) in KiB."""
        return memory_kib(tree(self._servers))

    def report(self, before: Usage, after: Usage, *, wanted: int, wanted_acks: int) -> Row:
        """Return what was spent in between, a thousand deliveries, and how late they came; p99 None where some lack."""
        samples = self._samples
        got = len(samples.latencies)
        delivered = max(after["received"] - before["received"], 1)
        wall = after["at"] - before["at"]
        server, bus, client, busy = (
            after["server"] - before["server"],
            after["bus"] - before["bus"],
            after["client"] - before["client"],
            after["busy"] - before["busy"],
        )
        whole = wanted - got <= LOST_SHARE * wanted
        return {
            "deliveries_a_second": round(delivered / wall),
            "missing": wanted - got,
            "p50": quantile(samples.latencies, 0.5),
            "p99": quantile(samples.latencies, 0.99) if whole else None,
            "acks_missing": wanted_acks - len(samples.acknowledgements),
            "ack_p50": quantile(samples.acknowledgements, 0.5),
            "ack_p99": quantile(samples.acknowledgements, 0.99),
            "cpu_ms": round(1e6 * (server + bus) / delivered, 2),
            "bus_ms": round(1e6 * bus / delivered, 2),
            "a_cpu_second": round(delivered / max(server + bus, 0.01)),
            "client_percent": round(100 * client / wall),
            "others_percent": round(100 * (busy - server - bus - client) / wall),
        }

    def _calls(self) -> int:
        if not self._counter:
            return 0
        with urlopen(self._counter, timeout=5) as answer:
            return int(json.load(answer)["sqs"])
