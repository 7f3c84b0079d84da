"""What a gateway process tells of its sockets."""

from collections import Counter

from shared.kernel.ports import Readings
from web.realtime.process import Process
from web.realtime.tally import TALLY


class Telling:
    """Has the tally of a process read whenever metrics are told."""

    def __init__(self, process: Process) -> None:
        """Tell of a process."""
        self._process, self._metrics = process, process.ports.metrics

    def start(self) -> None:
        """Begin; once a process, after the fork."""
        watch = self._metrics.watch
        watch("connections", self._connections)
        watch("deliveries", lambda: [({}, TALLY.deliveries)])
        watch("outbox_overflows", lambda: [({}, TALLY.overflows)])
        watch("room_resyncs", lambda: [({}, TALLY.resyncs)])
        watch("resumes", lambda: [({"outcome": outcome}, count) for outcome, count in list(TALLY.resumes.items())])
        watch("frames", _frames)

    def stop(self) -> None:
        """Nothing is to be ended."""

    def _connections(self) -> Readings:
        kinds = Counter(session.holder.kind.value for session in list(self._process.sessions))
        kinds["stream"] = len(self._process.listeners.everybody())
        return [({"kind": kind.lower()}, count) for kind, count in kinds.items()]


def _frames() -> Readings:
    return [({"action": action, "outcome": outcome}, count) for (action, outcome), count in list(TALLY.frames.items())]
