"""Pushes that are confirmed: asked here, answered over the bus by whichever process holds a channel."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from shared.kernel.contract import Event
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.topics import gateway_topic
from web.realtime.hub import Hub
from web.realtime.ports import ConfirmationBus

CONFIRM_SECONDS = 0.03
LATE_TOKENS = 10_000
_AGAIN_SECONDS = 0.5

log = get_log()


class Inbox:
    """Waits on this process's own topic."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        """Hand on what comes."""
        self.push = take


class Confirmations:
    """The port LiveChannels of one gateway process; confirmations come to it as pushes."""

    def __init__(self, gateway_id: str, hub: Hub, bus: ConfirmationBus, late: Callable[[str], None]) -> None:
        """Ask by the bus; `late` is called, in a thread of its own, with what was confirmed after its time."""
        self._topic = gateway_topic(gateway_id)
        self._hub = hub
        self._bus = bus
        self._late = late
        self._waiting: dict[str, threading.Event] = {}
        self._unconfirmed: OrderedDict[str, None] = OrderedDict()
        self._inbox = Inbox(self.take_confirmation)

    def start(self) -> None:
        """Hear confirmations, as soon as the bus is there."""
        threading.Thread(target=self._listen, name="confirmations", daemon=True).start()

    def push(self, user_id: str, event: Event, *, token: str) -> bool:
        """Push, and tell whether a process that holds a channel of the user confirmed within 30 ms.

        Where no process listens for the user at all, nobody is waited for.
        """
        confirmed = self._waiting[token] = threading.Event()
        try:
            heard = self._bus.ask(user_id, event, token=token, reply_to=self._topic)
            if heard and confirmed.wait(CONFIRM_SECONDS):
                return True
            self._expect_late(token)
        except Unavailable:
            log.warning("push.not_asked", user_id=user_id)
        finally:
            self._waiting.pop(token, None)
        return confirmed.is_set()

    def was_taken(self, token: str) -> bool:
        """Tell whether a push was confirmed by now."""
        return self._bus.was_taken(token)

    def note_taken(self, token: str) -> None:
        """Note that a channel took it otherwise."""
        self._bus.note_taken(token)

    def confirm(self, token: str, reply_to: str) -> None:
        """Say that a channel of this process took a push; the hub is not held up."""
        threading.Thread(target=self._confirm, args=(token, reply_to), name="confirm", daemon=True).start()

    def take_confirmation(self, payload: bytes) -> None:
        """Take a confirmation from the bus."""
        token = payload.decode()
        waiting = self._waiting.get(token)
        if waiting is not None:
            waiting.set()
        elif token in self._unconfirmed:
            del self._unconfirmed[token]
            threading.Thread(target=self._tell_late, args=(token,), name="late", daemon=True).start()

    def _expect_late(self, token: str) -> None:
        self._unconfirmed[token] = None
        while len(self._unconfirmed) > LATE_TOKENS:
            self._unconfirmed.popitem(last=False)

    def _listen(self) -> None:
        while True:
            try:
                self._hub.wait(self._topic, self._inbox)
            except Unavailable:
                time.sleep(_AGAIN_SECONDS)
            else:
                return

    def _confirm(self, token: str, reply_to: str) -> None:
        try:
            self._bus.confirm(token, reply_to)
        except Unavailable:
            log.warning("push.not_confirmed")

    def _tell_late(self, token: str) -> None:
        try:
            self._late(token)
        except Unavailable:
            log.warning("push.late_not_noted")
