"""Monitoring beside our own SQS transport, whose consumer class it has to share a worker with."""

import pytest

from shared.adapters.celery_workers import CeleryWorkers
from shared.adapters.monitoring.bus import bus_of
from shared.domains.operations.errors import WorkerRefused


@pytest.fixture(scope="module")
def worker(subject):
    subject.environment |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    return subject.worker("leased", "-c", "1", application="leased_app")


def test_a_worker_of_our_transport_is_controlled_and_drained(subject, worker, until, tmp_path):
    touched, release, started, later = (tmp_path / name for name in ("touched", "release", "started", "later"))
    subject.send("touch", str(touched))
    until(touched.exists, "a task ran")

    subject.control("pause_queue", "leased", queue="alpha")
    assert subject.control("active_queues", "leased") == []
    subject.control("resume_queue", "leased", queue="alpha")
    assert subject.control("pool_grow", "leased", n=1) == {"ok": "pool will grow"}
    workers = CeleryWorkers(bus_of(subject.app).options)
    assert [workers.grow("leased@host", 3) for _ in range(2)] == [3, 3]
    with pytest.raises(WorkerRefused, match="more than that"):
        workers.grow("leased@host", 2)
    subject.send("hold", str(release), str(started))
    until(started.exists, "a task runs after the pause")

    assert workers.drain("leased@host").running == 1
    with pytest.raises(WorkerRefused, match="draining"):
        workers.grow("leased@host", 4)
    subject.send("touch", str(later))
    release.touch()
    until(lambda: subject.control("drain", "leased")["ok"]["idle"], "the worker is idle")
    assert not later.exists()
    assert subject.control("shutdown", "leased") == {"ok": "shutting down"}
    assert worker.wait(60) == 0
