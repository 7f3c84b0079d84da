"""The consuming side of a channel: receivers, leases and outcomes put together."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Collection, Iterable

from .backoff import pause as backoff
from .clients import calling_client
from .entries import Entry
from .groups import Groups
from .health import Health
from .inbox import Inbox
from .leases import Ending, Lease, LeaseTable
from .options import Options
from .outcomes import Outcome, Outcomes
from .queues import Queue
from .receiver import Receiver
from .renewal import Renewal
from .watchdog import Watchdog

logger = logging.getLogger(__name__)

#: Seconds that a closing consumer waits for a poll under way.
POLL_GRACE_SECONDS = 1.0


class Intake:
    """Receives, keeps leases, and tells SQS how each message ended. Starts its threads when made.

    ``deliver`` is called in the thread that drains the inbox, once a message, one of each FIFO group at a time; it
    has to end in ``acknowledge``, ``hand_back`` or ``move``, now or later, from any thread. The first of these holds
    and repetitions do nothing. None of them waits for the network.
    """

    def __init__(self, options: Options, prefetch: Callable[[], int], deliver: Callable[[Lease], None]) -> None:
        calling_client(options)  # a region that is missing is told at the start, not at the first hand-back
        self.options = options
        self.health = Health()
        self.leases = LeaseTable()
        self.inbox = Inbox(self._take, self.hand_back)
        self._prefetch, self._deliver = prefetch, deliver
        self._groups = Groups()
        self._receivers: dict[str, Receiver] = {}
        self._stopping: list[Receiver] = []
        self._outcomes = Outcomes(options, self.leases, self.health)
        self._renewal = Renewal(options, self.leases, self.health, self._on_lost)
        self._watchdog = Watchdog(options, self.health, lambda: list(self._receivers.values()))

    def consume(self, queue: Queue) -> None:
        """Begin to receive from a queue. One that is being consumed already stays as it is."""
        if queue.name in self._receivers:
            return
        receiver = self._receivers[queue.name] = Receiver(
            queue,
            self.options,
            self.leases,
            self.health,
            prefetch=self._prefetch,
            arrived=self.inbox.put,
            unwanted=self._return,
        )
        receiver.start()

    def stop(self, queue_name: str) -> None:
        """Receive no more from a queue; what the poll under way still brings goes back at once. Does not wait."""
        receiver = self._receivers.pop(queue_name, None)
        if receiver is not None:
            receiver.stop()
            self._stopping.append(receiver)

    def stop_all(self) -> None:
        """Receive no more from any queue. Does not wait."""
        for name in list(self._receivers):
            self.stop(name)

    def acknowledge(self, lease: Lease) -> None:
        """The message is done: delete it."""
        if lease.end(Ending.DELETE):
            self._outcomes.tell(Outcome(lease, Ending.DELETE))
            self._advance(lease)

    def hand_back(self, lease: Lease, after: float | None = None) -> None:
        """Let the message come back after so many seconds; without a number it backs off by its receives.

        Those behind it in its FIFO group go back too, so that none overtakes it.
        """
        if lease.end(Ending.RELEASE):
            self._release(lease, after)

    def move(self, lease: Lease, target: Queue, entry: Entry, otherwise: float | None = None) -> None:
        """Send the message elsewhere, then delete it here.

        Where SQS will never take it (too long with what is added), it comes back here after `otherwise` seconds, as
        after a hand-back: the queue's own RedrivePolicy moves it in the end, which adds nothing.
        """
        if lease.end(Ending.MOVE):
            pause = self._whole_pause(lease, otherwise)
            self._outcomes.tell(Outcome(lease, Ending.MOVE, pause=pause, target=target, entry=entry))
            self._advance(lease)

    def return_unbegun(self, begun_task_ids: Collection[str] = ()) -> int:
        """Give back, visible at once, what nothing has begun; how many messages that were.

        Waiting for the running tasks first would keep them from other workers, and lose a lease's time if the host is
        killed meanwhile.
        """
        idle = [lease for lease in self.leases if lease.task_id is None or lease.task_id not in begun_task_ids]
        return self._return(idle)

    def give_back(self, seconds: float) -> int:
        """Give back everything, also what is being run, and wait until SQS was told, at most so long; how many.

        Nothing can be told after it.
        """
        given = [lease for lease in self.leases if lease.end(Ending.RELEASE)]
        for lease in given:
            self._release(lease, 0)
        if not self._outcomes.close(seconds):
            logger.warning("%d messages come back with the end of their leases", len(self.leases))
        return len(given)

    def close(self) -> None:
        """Give everything back, tell SQS what is left to tell, and end the threads: at most 11 s, idle one.

        A poll under way is not waited for longer: what it may still bring comes back with the end of its lease.
        """
        self.stop_all()
        end = time.monotonic() + POLL_GRACE_SECONDS
        for receiver in self._stopping:
            receiver.join(max(0.0, end - time.monotonic()))
        self.give_back(10.0)
        self._renewal.close()
        self._watchdog.close()
        self.inbox.close()

    def _take(self, lease: Lease) -> None:
        """Deliver a message, unless it has to wait for its group or is over."""
        if lease.ending is None and self._groups.enter(lease):
            self._deliver(lease)

    def _advance(self, lease: Lease) -> None:
        """Let the next of the group have its turn."""
        following = self._groups.leave(lease)
        if following is not None:
            self.inbox.put([following])

    def _return(self, leases: Iterable[Lease]) -> int:
        """Give back at once what has not begun; how many messages that were."""
        given = [lease for lease in leases if lease.end(Ending.RELEASE, unless_begun=True)]
        for lease in given:
            self._release(lease, 0)
        return len(given)

    def _release(self, lease: Lease, seconds: float | None) -> None:
        """Tell SQS when an ended lease's message becomes visible, and send back those that must not overtake it."""
        self._outcomes.tell(Outcome(lease, Ending.RELEASE, pause=self._whole_pause(lease, seconds)))
        self._send_back_followers(lease)

    def _whole_pause(self, lease: Lease, seconds: float | None) -> int:
        """Whole seconds until a message becomes visible again, by its receives where none were chosen."""
        if seconds is None:
            seconds = backoff(lease.receives, base=2.0, ceiling=self.options.retry_ceiling_seconds)
        return math.ceil(max(0.0, min(seconds, lease.longest_pause())))

    def _on_lost(self, lease: Lease) -> None:
        """A claim is gone: forget the message unless it runs, and do not run what has to come after it."""
        if lease.end(Ending.FORGET, unless_begun=True):
            self.leases.drop(lease)
        self._send_back_followers(lease)

    def _send_back_followers(self, lease: Lease) -> None:
        """Give back those behind a message in its group."""
        for follower in self._groups.dissolve(lease):
            if follower.end(Ending.RELEASE):
                self._outcomes.tell(Outcome(follower, Ending.RELEASE))
