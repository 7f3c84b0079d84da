"""Redis frozen, killed, emptied: no task notices, publishing stays fast, and everything comes back by itself."""

import time

PUBLISHED = 100
# Publishing takes a few milliseconds to SQS; a time-out on Redis would take a second for each.
SECONDS_FOR_ALL = 10


def publish(subject, folder, count=PUBLISHED, queue=None):
    """Publish tasks that leave a file each, and answer the files and how long it took."""
    paths = [folder / f"{time.monotonic_ns()}-{number}" for number in range(count)]
    began = time.monotonic()
    ids = [subject.send("touch", str(path), queue=queue or subject.queue) for path in paths]
    return paths, time.monotonic() - began, ids


def test_a_frozen_redis_is_not_noticed_and_catches_up(watched, own_redis, flower, online, until, tmp_path):
    own_redis.freeze()
    paths, seconds, ids = publish(watched, tmp_path)
    until(lambda: all(path.exists() for path in paths), "all tasks ran", 30)
    until(lambda: "Redis is away" in watched.log("first"), "the worker has given up a call")
    own_redis.thaw()

    assert seconds < SECONDS_FOR_ALL
    until(lambda: watched.control("ping", "first", timeout=0.2) == {"ok": "pong"}, "remote control is back")
    until(lambda: flower.get(f"/api/task/info/{ids[-1]}")["state"] == "SUCCESS", "Flower has caught up")


def test_a_killed_redis_is_not_noticed_and_is_reminded(watched, own_redis, flower, online, until, tmp_path):
    watched.control("pause_queue", "first", queue="gamma")
    watched.control("revoke", "first", task_id="an-id")
    own_redis.kill()
    paths, seconds, ids = publish(watched, tmp_path)
    until(lambda: all(path.exists() for path in paths), "all tasks ran", 30)
    own_redis.start()

    assert seconds < SECONDS_FOR_ALL
    until(lambda: watched.control("ping", "first", timeout=0.2) == {"ok": "pong"}, "remote control is back")
    until(lambda: own_redis.ask("SISMEMBER", "subject.monitoring.paused", "gamma"), "the pause is restored")
    until(lambda: own_redis.ask("ZSCORE", "subject.monitoring.revoked", "an-id"), "the revoked id is restored")

    def missed():
        tasks = flower.get("/api/tasks?limit=1000")
        return [task_id for task_id in ids if tasks.get(task_id, {}).get("state") != "SUCCESS"]

    until(lambda: not missed(), "Flower knows every task of the outage")


def test_an_emptied_redis_keeps_control_and_events(watched, own_redis, flower, online, until):
    own_redis.ask("FLUSHALL")

    assert watched.control("ping", "first") == {"ok": "pong"}
    task_id = watched.send("add", 1, 2)
    until(lambda: task_id in flower.get("/api/tasks"), "Flower sees events")
    assert "first@host" in flower.get("/api/workers?refresh=1")


def test_a_worker_starts_while_redis_is_away(watched, own_redis, until, tmp_path):
    own_redis.kill()
    early = watched.worker("early", "-P", "threads", "-c", "1", queues="epsilon", wait=False)
    (path,), _, _ = publish(watched, tmp_path, 1, queue="epsilon")

    until(path.exists, "the task ran")
    own_redis.start()
    until(lambda: watched.control("ping", "early", timeout=0.2) == {"ok": "pong"}, "remote control has come")
    early.terminate()
    assert early.wait(60) == 0
