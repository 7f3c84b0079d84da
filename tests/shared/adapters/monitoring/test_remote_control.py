"""Remote control of real workers on the threads pool: the command line, pausing, draining, revoking."""

import json
from dataclasses import replace

import pytest

from shared.adapters.celery_workers import CeleryWorkers
from shared.adapters.monitoring.bus import bus_of
from shared.domains.operations.errors import WorkerRefused
from shared.kernel.errors import Unavailable


@pytest.fixture(scope="module")
def worker(subject):
    return subject.worker("threads", "-P", "threads", "-c", "2", queues="alpha,beta")


def reading(subject, name="threads"):
    return {queue["name"] for queue in subject.control("active_queues", name)}


def test_the_command_line_inspects(subject, worker):
    assert json.loads(subject.celery("inspect", "-j", "-d", "threads@host", "ping")) == {"threads@host": {"ok": "pong"}}


@pytest.mark.parametrize("command", ["stats", "active", "reserved", "scheduled", "revoked", "conf", "report"])
def test_every_inspection_answers_over_json(subject, worker, command):
    answer = subject.control(command, "threads")

    assert answer is not None
    assert "hush" not in str(answer)


def test_the_command_line_knows_our_commands(subject, worker):
    assert "paused beta" in subject.celery("control", "-d", "threads@host", "pause_queue", "beta")
    assert reading(subject) == {"alpha"}
    assert "resumed beta" in subject.celery("control", "-d", "threads@host", "resume_queue", "beta")
    assert reading(subject) == {"alpha", "beta"}


def test_arguments_are_shown_as_their_producer_wished(subject, worker, until, tmp_path):
    release, started = tmp_path / "a private path", tmp_path / "started"
    task_id = subject.send("hold", str(release), str(started), kwargsrepr="{...}")
    until(started.exists, "the task runs")
    until(lambda: subject.control("active", "threads"), "the worker knows that it runs")

    answers = [subject.control(name, "threads") for name in ("active", "dump_active", "reserved", "stats")]
    answers.append(subject.control("query_task", "threads", ids=[task_id]))

    assert answers[0][0]["id"] == task_id
    assert answers[0][0]["args"] == "(...)"
    assert "private" not in str(answers)
    release.touch()


def test_a_waiting_task_is_listed_without_its_arguments(subject, worker, until):
    task_id = subject.send("add", "a private word", "b", countdown=600)

    listed = until(lambda: subject.control("scheduled", "threads"), "the task waits")

    assert listed[0]["request"]["id"] == task_id
    assert "private" not in str(listed)
    subject.app.control.revoke(task_id)


def test_operators_are_told_why_threads_do_not_grow(subject, worker):
    workers = CeleryWorkers(bus_of(subject.app).options)
    with pytest.raises(WorkerRefused) as refused:
        workers.grow("threads@host", 3)

    assert refused.value.details == [{"field": "worker", "message": "fixed_pool"}]
    assert workers.grow("threads@host", 2) == 2
    assert subject.control("ping", "threads") == {"ok": "pong"}


def test_where_nobody_answers_operators_are_told_so(subject):
    with pytest.raises(Unavailable, match="Redis"):
        CeleryWorkers(replace(bus_of(subject.app).options, redis_url="redis://127.0.0.1:1/0")).drain("threads@host")


@pytest.mark.parametrize(
    ("command", "arguments", "reason"),
    [
        ("pool_grow", {"n": -2}, "from 1"),
        ("pool_grow", {"n": "many"}, "from 1"),
        ("pool_grow", {"n": 10_000}, "are possible"),
        ("pool_grow", {"n": 1}, "as many as at its start"),
        ("pool_shrink", {"n": 1}, "as many as at its start"),
        ("grow_to", {"places": 1}, "there are 2"),
        ("grow_to", {"places": "many"}, "there are 2"),
        ("grow_to", {"places": 10_000}, "are possible"),
        ("pool_shrink", {"n": -1}, "from 1"),
        ("pool_shrink", {"n": 2}, "has to stay"),
        ("rate_limit", {"task_name": "subject.add", "rate_limit": "1/m"}, "refused"),
        ("time_limit", {"task_name": "add", "soft": 1, "hard": 2}, "refused"),
        ("revoke", {"task_id": "nobody's", "terminate": True}, "cannot be ended"),
        ("terminate", {"task_id": "nobody's", "signal": "KILL"}, "cannot be ended"),
        ("pause_queue", {"queue": "nonsense"}, "there is no queue"),
        ("add_consumer", {"queue": "nonsense"}, "there is no queue"),
        ("cancel_consumer", {"queue": "nonsense"}, "does not read"),
        ("autoscale", {"max": 5, "min": 1}, "not enabled"),
        ("pool_restart", {}, "not enabled"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(subject, worker, command, arguments, reason):
    assert reason in str(subject.control(command, "threads", **arguments)["error"])
    assert subject.control("ping", "threads") == {"ok": "pong"}


def test_a_limit_that_was_set_by_the_code_can_be_lifted(subject, worker):
    assert "disabled" in subject.control("rate_limit", "threads", task_name="subject.add", rate_limit="0")["ok"]


def test_an_unknown_command_does_no_harm(subject, worker):
    assert "error" in subject.control("no_such_command", "threads")
    assert subject.control("ping", "threads") == {"ok": "pong"}


def test_a_drain_lets_what_runs_finish_and_takes_no_more(subject, worker, until, tmp_path):
    release, started, touched = tmp_path / "release", tmp_path / "started", tmp_path / "touched"
    draining = subject.worker("draining", "-P", "threads", "-c", "1", queues="gamma")
    subject.send("hold", str(release), str(started), queue="gamma")
    until(started.exists, "the task runs")

    until(lambda: subject.control("active", "draining"), "the worker knows that it runs")
    first = subject.control("drain", "draining")["ok"]
    subject.send("touch", str(touched), queue="gamma")
    release.touch()
    until(lambda: subject.control("drain", "draining")["ok"]["idle"], "the worker is idle")

    assert first == {"draining": True, "running": 1, "waiting": 0, "idle": False}
    assert subject.control("add_consumer", "draining", queue="gamma") == {"error": "the worker is draining"}
    assert reading(subject, "draining") == set()
    assert not touched.exists()
    draining.terminate()
    assert draining.wait(60) == 0


class Heir:
    """A worker that started after a queue was paused and an id revoked, and what it was sent before."""

    def __init__(self, subject, folder):
        self.revoked, self.other = folder / "revoked", folder / "other"
        self.task_id = subject.send("touch", str(self.revoked), queue="gamma")
        subject.app.control.revoke(self.task_id)
        subject.control("pause_queue", "threads", queue="beta")
        subject.send("touch", str(self.other), queue="gamma")
        self.process = subject.worker("heir", "-c", "1", queues="beta,gamma")


@pytest.fixture(scope="module")
def heir(subject, worker, tmp_path_factory):
    return Heir(subject, tmp_path_factory.mktemp("heir"))


def test_a_revoked_id_is_remembered_by_workers_that_start_later(subject, heir, until):
    until(heir.other.exists, "the other task ran")
    discarded = f"Discarding revoked task: subject.touch[{heir.task_id}]"

    until(lambda: discarded in subject.log("heir"), "the task is discarded")
    assert heir.task_id in subject.control("revoked", "heir")
    assert not heir.revoked.exists()


def test_a_paused_queue_is_kept_from_workers_that_start_later(subject, heir, until, tmp_path):
    touched = tmp_path / "touched"
    subject.send("touch", str(touched), queue="beta")

    assert reading(subject, "heir") == {"gamma"}
    assert subject.control("add_consumer", "heir", queue="beta")["ok"].startswith("beta is paused")
    assert not touched.exists()

    subject.app.control.broadcast("resume_queue", {"queue": "beta"})
    until(touched.exists, "the queue is read again")
    until(lambda: reading(subject, "heir") == {"beta", "gamma"}, "the later worker reads it too")


def test_a_worker_that_ends_warmly_still_answers_questions(subject, heir, until, tmp_path):
    release, started = tmp_path / "release", tmp_path / "started"
    subject.send("hold", str(release), str(started), queue="gamma")
    until(started.exists, "the task runs")

    heir.process.terminate()
    until(lambda: "Warm shutdown" in subject.log("heir"), "the worker is ending")

    assert len(subject.control("active", "heir")) == 1
    release.touch()
    assert heir.process.wait(60) == 0
