"""The rules of steering workers while they run; whoever does so is noted in the log."""

from shared.domains.operations.contract import GrowWorker, WorkerDraining, WorkerGrown
from shared.domains.operations.errors import WorkerNotFound
from shared.domains.operations.ports import WorkerControl, WorkerSigns
from shared.kernel.logs import get_log

log = get_log()


def drain_worker(worker: str, by: str, *, signs: WorkerSigns, control: WorkerControl) -> WorkerDraining:
    """Have a worker receive nothing more and finish what it has; again tells how far it is.

    Raises:
        WorkerNotFound: no worker of that name told of itself of late.
        WorkerRefused: it does not.
        Unavailable: it does not answer, or nobody can tell which workers there are.
    """
    _require_living(worker, signs)
    running, waiting = control.drain(worker)
    log.info("worker.audit", worker=worker, by=by, action="drained", running=running, waiting=waiting)
    return WorkerDraining(worker=worker, running=running, waiting=waiting, is_idle=not (running or waiting))


def grow_worker(
    worker: str, command: GrowWorker, by: str, *, signs: WorkerSigns, control: WorkerControl
) -> WorkerGrown:
    """Have a worker add threads or processes until there are so many; again adds none.

    Raises:
        WorkerNotFound: no worker of that name told of itself of late.
        WorkerRefused: it does not; threads are never added, and none is taken away.
        Unavailable: it does not answer, or nobody can tell which workers there are.
    """
    _require_living(worker, signs)
    places = control.grow(worker, command.places)
    log.info("worker.audit", worker=worker, by=by, action="grown", places=places)
    return WorkerGrown(worker=worker, places=places)


def _require_living(worker: str, signs: WorkerSigns) -> None:
    if all(sign.node != worker for sign in signs.living()):
        raise WorkerNotFound
