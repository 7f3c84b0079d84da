"""Flower's HTTP API in front of a real prefork worker that takes its tasks from SQS."""

import signal
import urllib.error
from threading import Timer

import pytest

WORKER = "first@host"


def ended(flower, until, task_id, state):
    return until(lambda: (t := shown(flower, task_id)) and t.get("state") == state and t, f"{task_id} is {state}")


def shown(flower, task_id):
    try:
        return flower.get(f"/api/task/info/{task_id}")
    except urllib.error.HTTPError:
        return None


def test_the_worker_is_online_with_its_queues_and_tasks(flower, online):
    assert [queue["name"] for queue in online["active_queues"]] == ["delta"]
    assert "subject.add" in online["registered"]
    assert online["stats"]["monitoring"]["dropped"] == 0


def test_a_task_is_shown_with_its_run_time_and_without_its_result(flower, online, watched, until):
    task = ended(flower, until, watched.send("add", 1, 2), "SUCCESS")

    assert task["runtime"] >= 0
    assert task["sent"]  # told by the sender once SQS has the job, which a worker may have begun by then
    assert task["received"] <= task["started"] <= task["succeeded"]
    assert task["args"] == "(...)"
    assert "private" not in str(task)


def test_a_failure_is_shown_with_its_places_and_without_its_words(flower, online, watched, until):
    task = ended(flower, until, watched.send("fail", "word"), "FAILURE")

    assert task["exception"] == "ValueError"
    assert "subject_app.py" in task["traceback"]
    assert "private message word" not in str(task)


def test_a_task_applied_in_flower_travels_by_sqs(flower, online, until, tmp_path):
    touched = tmp_path / "touched"

    body = {"args": [str(touched)], "queue": "delta"}
    task_id = flower.post("/api/task/async-apply/subject.touch", body)["task-id"]

    until(touched.exists, "the task ran")
    assert ended(flower, until, task_id, "SUCCESS")["args"] == "[hidden]"


def test_a_task_sent_by_a_task_is_announced_from_the_child(flower, online, watched, until, tmp_path):
    sender = watched.send("pass_on", str(tmp_path / "touched"), "delta")
    ended(flower, until, sender, "SUCCESS")

    def announced():
        touches = flower.get("/api/tasks?taskname=subject.touch").values()
        return [task for task in touches if task["parent"] == sender and task["sent"]]

    until(announced, "the task of the task is known, and when it was sent")


def test_a_task_sent_by_name_travels_by_sqs(flower, online, until, tmp_path):
    touched = tmp_path / "touched"

    flower.post("/api/task/send-task/subject.touch", {"args": [str(touched)], "queue": "delta"})

    until(touched.exists, "the task ran")


def test_depths_come_from_sqs(flower, online, sqs):
    url = sqs.get_queue_url(QueueName="zeta")["QueueUrl"]
    dead = sqs.get_queue_url(QueueName="zeta-dlq")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="visible")
    sqs.send_message(QueueUrl=url, MessageBody="visible too")
    sqs.send_message(QueueUrl=url, MessageBody="delayed", DelaySeconds=60)
    sqs.send_message(QueueUrl=dead, MessageBody="dead")
    sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1, VisibilityTimeout=60)

    rows = {row["name"]: row for row in flower.get("/api/queues/length")["active_queues"]}

    counted = ("messages", "messages_ready", "messages_unacknowledged", "messages_delayed")
    assert [rows["zeta"][key] for key in counted] == [3, 1, 1, 1]
    assert rows["zeta-dlq"]["messages"] == 1
    assert "zeta-dlq" in flower.get("/broker")
    sqs.purge_queue(QueueUrl=url)


def test_the_pool_grows_and_shrinks(flower, online, watched, until):
    def pool():
        return watched.control("stats", "first")["pool"]

    flower.post(f"/api/worker/pool/grow/{WORKER}?n=1")
    until(lambda: len(pool()["processes"]) == 3, "the pool has grown")
    flower.post(f"/api/worker/pool/shrink/{WORKER}?n=1")
    until(lambda: pool()["max-concurrency"] == 2, "the pool has shrunk")


def test_a_consumer_is_added_and_cancelled(flower, online, watched, until, tmp_path):
    touched = tmp_path / "touched"
    watched.send("touch", str(touched), queue="epsilon")

    flower.post(f"/api/worker/queue/add-consumer/{WORKER}?queue=epsilon")
    until(touched.exists, "a task of the second queue ran")
    flower.post(f"/api/worker/queue/cancel-consumer/{WORKER}?queue=epsilon")

    assert [queue["name"] for queue in watched.control("active_queues", "first")] == ["delta"]


def test_a_worker_that_is_busy_for_two_seconds_is_waited_for(flower, online, worker_process):
    worker_process.send_signal(signal.SIGSTOP)
    busy = Timer(2, worker_process.send_signal, [signal.SIGCONT])
    busy.start()

    answer = flower.post(f"/api/worker/queue/add-consumer/{WORKER}?queue=delta")
    busy.join()

    assert answer == {"message": "add consumer delta"}


def test_a_queue_that_does_not_exist_is_refused(flower, online, watched):
    with pytest.raises(urllib.error.HTTPError) as refused:
        flower.post(f"/api/worker/queue/add-consumer/{WORKER}?queue=nowhere")

    assert refused.value.code == 403
    assert "there is no queue nowhere" in refused.value.read().decode()
    assert watched.control("ping", "first") == {"ok": "pong"}


def test_a_rate_limit_is_refused_with_the_reason(flower, online):
    with pytest.raises(urllib.error.HTTPError) as refused:
        flower.post("/api/task/rate-limit/subject.add?ratelimit=100/s&workername=" + WORKER)

    assert refused.value.code == 403
    assert b"rate limits are refused" in refused.value.read()
    refused.value.close()


def test_flower_asks_for_its_password(flower):
    with pytest.raises(urllib.error.HTTPError) as refused:
        flower("GET", "/api/workers", credentials=b"operator:wrong")

    assert refused.value.code == 401
    refused.value.close()


def test_metrics_count_what_flower_saw(flower, online, watched, until):
    ended(flower, until, watched.send("add", 1, 2), "SUCCESS")

    assert 'flower_events_total{task="subject.add",type="task-succeeded",worker="first@host"}' in flower.get("/metrics")
