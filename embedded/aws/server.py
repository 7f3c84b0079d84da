"""The process: restores what was acknowledged, serves until it is told to stop, and saves the rest."""

import asyncio
import logging
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.core import hypercorn_compat

from embedded.aws import expiry, hooks, objects, queue_metrics, uploads, wakeup
from embedded.aws.accounts import Accounts
from embedded.aws.application import Application
from embedded.aws.environment import HOST
from embedded.aws.items import ItemJournal
from embedded.aws.journal import Journal
from embedded.aws.queue_actions import QueueActions
from embedded.aws.queues import QueueJournal
from embedded.aws.services import StandIns, stand_ins
from embedded.aws.snapshots import Snapshots
from embedded.aws.users import UserJournal
from embedded.aws.verification import VerificationCodes

END_POLLS = signal.SIGUSR1
"""Answers every open long poll now: workers that stop wait for theirs."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Options:
    """How the process was started."""

    port: int
    directory: Path
    log: Path
    fsync: bool
    warm: bool


async def run(options: Options) -> None:
    """Serve on loopback until SIGTERM or SIGINT; raises HookMissingError for another version of ministack."""
    hooks.assert_names()
    hypercorn_compat.install()
    journal = Journal(options.directory / "journal.db", fsync=options.fsync)
    snapshots = Snapshots(journal)
    wakeful = wakeup.install()
    standing_in = stand_ins(options.directory)
    application = _assemble(options, journal, snapshots, wakeful, standing_in)
    told_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)

    asyncio.get_running_loop().add_signal_handler(END_POLLS, wakeful.end_polls)

    async def stop() -> None:
        await told_to_stop.wait()
        asyncio.get_running_loop().remove_signal_handler(END_POLLS)
        signal.signal(END_POLLS, signal.SIG_IGN)  # there are none any more, and unheard it would end the process
        wakeful.stop()

    _log.info("Serving on port %s.", options.port)
    beside = [
        asyncio.create_task(queue_metrics.publish_for_ever()),
        asyncio.create_task(expiry.expire_for_ever(options.port)),
    ]
    if options.warm:
        beside.append(asyncio.create_task(standing_in.warm_up()))
    # Hypercorn's types ask for its own scope classes; the application is plain ASGI.
    await serve(cast(Any, application), _hypercorn(options.port), shutdown_trigger=stop)
    for task in beside:
        task.cancel()
    await asyncio.gather(*beside, return_exceptions=True)
    snapshots.record_everything()
    await journal.close()


def _assemble(
    options: Options, journal: Journal, snapshots: Snapshots, wakeful: wakeup.WakefulAsyncio, standing_in: StandIns
) -> Application:
    """Restore first, then hook: what is read from the journal must not be written to it again."""
    items = ItemJournal(journal)
    queues = QueueJournal(journal, wakeful)
    users = UserJournal(journal)
    accounts = Accounts(users, snapshots, VerificationCodes(options.log))
    accounts.install()
    snapshots.restore()
    items.restore()
    queues.restore()
    users.restore()
    items.install()
    queues.install(snapshots)
    QueueActions(queues).install()
    objects.install(fsync=options.fsync)
    uploads.install()
    return Application(journal, snapshots, queues, standing_in.services, standing_in.sockets)


def _hypercorn(port: int) -> Config:
    config = Config()
    config.bind = [f"{HOST}:{port}"]
    config.keep_alive_timeout = 75
    # Requests that are running when the process is told to stop; a supervisor waits longer than this.
    config.graceful_timeout = 5
    config.loglevel = "WARNING"
    return config
