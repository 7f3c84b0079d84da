"""Monitoring beside our own SQS transport, whose consumer class it has to share a worker with."""

import pytest


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
    subject.send("hold", str(release), str(started))
    until(started.exists, "a task runs after the pause")

    assert not subject.control("drain", "leased")["ok"]["idle"]
    subject.send("touch", str(later))
    release.touch()
    until(lambda: subject.control("drain", "leased")["ok"]["idle"], "the worker is idle")
    assert not later.exists()
    assert subject.control("shutdown", "leased") == {"ok": "shutting down"}
    assert worker.wait(60) == 0
