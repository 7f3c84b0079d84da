"""The worker's mailbox: remote control commands received on a thread of their own and run in the worker's loop."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from celery import bootsteps
from celery.bootsteps import RUN  # type: ignore[attr-defined]  # the stubs lack it
from celery.utils.collections import AttributeDict
from celery.utils.log import get_logger
from celery.worker import state as worker_state
from celery.worker.consumer.tasks import Tasks
from celery.worker.control import Panel
from kombu import Exchange, Producer
from kombu.exceptions import InconsistencyError
from kombu.pidbox import Mailbox, Node
from redis import RedisError

from shared.adapters.monitoring.bus import Bus, bus_of
from shared.adapters.monitoring.commands import handlers
from shared.adapters.monitoring.gate import QueueGate
from shared.adapters.monitoring.listener import Listener
from shared.kernel.isolation import isolated

logger = get_logger(__name__)


class OutboxNode(Node):
    """A mailbox node whose answers leave through the outbox, before any event, and never hold up the loop."""

    bus: Bus

    def reply(self, data: Any, exchange: Any, routing_key: str, ticket: str | None, **_: Any) -> None:
        """Queue an answer; it is dropped when the asker is gone."""
        target = Exchange(str(exchange), type="direct", durable=False, delivery_mode="transient")
        headers = {"ticket": ticket, "clock": self.mailbox.clock.forward()}  # type: ignore[union-attr]  # always set

        def deliver(redis: Producer) -> None:
            try:
                redis.publish(
                    data,
                    exchange=target.name,
                    routing_key=routing_key,
                    declare=[target],
                    headers=headers,
                    serializer="json",
                )
            except InconsistencyError:
                logger.debug("monitoring: nobody waits for the answer %s", ticket)

        self.bus.outbox.put(deliver, urgent=True)


class RemoteControl(bootsteps.StartStopStep):
    """The bootstep that lets a worker be inspected and controlled; add it to `app.steps["consumer"]`.

    It starts after the task consumer and before anything is received, so that a queue paused earlier is never read,
    and an id revoked earlier never run. When Redis does not answer, the worker starts all the same and obeys once it
    does. The mailbox stays open through lost connections to the task broker, and until the worker has ended.
    """

    requires = (Tasks,)

    def __init__(self, consumer: Any, **settings: Any) -> None:
        super().__init__(consumer, **settings)
        self.consumer = consumer
        self.bus = bus_of(consumer.app)
        self.gate = consumer.gate = QueueGate(consumer)
        self.listener = Listener(self.bus, self._node(), self._route, self._catch_up)
        self._actions: deque[Callable[[], Any]] = deque()
        self._obeys = False
        self._loop_ended = False

    def start(self, consumer: Any) -> None:
        """Adopt the cluster's policy at the first start, and open the mailbox."""
        if not self._obeys:
            worker_state.revoked.expires = self.bus.options.revoked_for
            self._adopt_at_start()
            self._obeys = True
        self.listener.start()

    def stop(self, consumer: Any) -> None:
        """Keep the mailbox open: tasks may run for minutes yet, and who asks shall hear so.

        What reached the loop too late is worked off here; from now on the listener's thread answers.
        """
        if consumer.blueprint.state != RUN:
            self._loop_ended = True
            self._act()

    def shutdown(self, consumer: Any) -> None:
        """Close the mailbox."""
        self.listener.stop()

    def _node(self) -> OutboxNode:
        conf = self.consumer.app.conf
        mailbox = Mailbox(
            conf.control_exchange,
            type="fanout",
            clock=self.consumer.app.clock,
            accept=["json"],
            serializer="json",
            queue_ttl=conf.control_queue_ttl,
            queue_expires=conf.control_queue_expires,
        )
        node = OutboxNode(self.consumer.hostname, self._node_state(), None, handlers(), mailbox)
        node.bus = self.bus
        return node

    def _node_state(self) -> AttributeDict:
        consumer = self.consumer
        return AttributeDict(
            app=consumer.app, hostname=consumer.hostname, consumer=consumer, tset=set, gate=self.gate, bus=self.bus
        )

    def _adopt_at_start(self) -> None:
        try:
            worker_state.revoked.update(self.bus.policy.revoked())
            self.gate.adopt(self.bus.policy.paused() or frozenset())
        except RedisError as error:
            logger.warning("monitoring: paused queues and revoked ids are unknown yet: %r", error)

    def _catch_up(self, *, thoroughly: bool) -> None:
        """Bring the worker and Redis to agree, in the listener's thread: the side that forgot learns from the other."""
        policy = self.bus.policy
        paused = policy.paused()
        if paused is None:
            self._remind()
        elif paused != self.gate.paused:
            self._in_loop(partial(self.gate.adopt, paused))
        if thoroughly:
            self._in_loop(partial(worker_state.revoked.update, policy.revoked()))

    def _remind(self) -> None:
        """Tell a Redis that lost its memory what this worker knows; a worker that knows nothing must not speak."""
        revoked, paused = list(worker_state.revoked), self.gate.paused
        if revoked or paused:
            self.bus.policy.revoke(revoked)
            self.bus.policy.pause(paused)

    def _route(self, body: Any, message: Any) -> None:
        """Run a command in the loop; once the loop has ended only questions are answered, from here."""
        run = partial(self.listener.node.handle_message, body, message)
        if not self._loop_ended:
            self._in_loop(run)
        elif getattr(Panel.meta.get(body.get("method")), "type", None) == "inspect":
            self._guarded(run)

    def _in_loop(self, action: Callable[[], Any]) -> None:
        """Queue an action: the loop calls back in any order, so the order is kept here."""
        self._actions.append(action)
        self.consumer.call_soon(self._act)
        if self._loop_ended:  # between the question and the queueing
            self._act()

    def _act(self) -> None:
        with suppress(IndexError):  # empty, perhaps because another thread took the last one
            while True:
                self._guarded(self._actions.popleft())

    @staticmethod
    def _guarded(action: Callable[[], Any]) -> None:
        with isolated("monitoring.command_failed"):  # the worker's loop would end with what a command raises
            action()
