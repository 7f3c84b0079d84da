"""What becomes of jobs in real workers on a real endpoint."""

import os
import signal
import time
import uuid

import orjson

from shared.kernel.claims import key_of
from shared.kernel.logs import correlated
from shared.kernel.queues import Queue
from tests.workers.crew import LEASE_SECONDS, Crew, until
from tests.workers.trial_jobs import BUG, INVALID, OK, UNAVAILABLE, Trial, TrialInOrder, TrialOnce


def label() -> str:
    return uuid.uuid4().hex


def test_what_fails_is_tried_again_until_it_succeeds(crew: Crew) -> None:
    name = label()
    crew.send(Trial(label=name, steps=[UNAVAILABLE, BUG, OK]))
    crew.wait_marks(name, "end")
    assert len(crew.marks(name, "begin")) == 3
    crew.wait_empty(Queue.TTS)


def test_what_fails_for_good_becomes_a_letter(crew: Crew) -> None:
    name = label()
    with correlated("request-7"):
        crew.send(Trial(label=name, steps=[UNAVAILABLE]))
    letter = crew.letter()
    assert len(crew.marks(name, "begin")) == 3
    assert letter["task"] == "trial.trial"
    assert letter["queue"] == "tts"
    assert letter["death"] == "failed"
    assert letter["error"] == "Unavailable: It does not answer."
    assert "take_step" in letter["traceback"]
    assert letter["isTransient"] is True
    assert letter["attempts"] == 3
    assert letter["receives"] == 3
    assert letter["messageGroup"] == "somebody"
    assert letter["correlationId"] == "request-7"
    assert letter["arguments"] == {"label": name, "steps": [UNAVAILABLE], "text": ""}
    assert letter["firstAt"] < letter["lastAt"]
    crew.wait_empty(Queue.TTS)


def test_what_cannot_be_done_is_not_tried_again(crew: Crew) -> None:
    name = label()
    crew.send(TrialOnce(label=name, steps=[INVALID]))
    letter = crew.letter()
    assert len(crew.marks(name, "begin")) == 1
    assert (letter["death"], letter["attempts"], letter["isTransient"]) == ("failed", 1, False)
    crew.wait_empty(Queue.SPEECH)


def test_what_cannot_be_read_becomes_a_letter_at_once(crew: Crew) -> None:
    crew.resend("trial.trial", Queue.TTS, {"label": ["secret words"]}, job_id=label())
    letter = crew.letter()
    assert (letter["death"], letter["error"]) == ("unreadable", "Unreadable: label: string_type")
    assert letter["arguments"] == {"label": ["secret words"]}
    crew.app.send_task("trial.trial", args=["a", "b"], kwargs={"c": 1}, queue=Queue.TTS.value)
    letter = crew.letter()
    assert (letter["death"], orjson.loads(letter["rawBody"])) == ("unreadable", ["a", "b", {"c": 1}])
    crew.wait_empty(Queue.TTS)
    assert "secret words" not in crew.log.read_text()


def test_five_messages_of_one_job_take_effect_once(crew: Crew) -> None:
    name, job_id = label(), label()
    for _ in range(5):
        crew.send(TrialOnce(label=name, steps=["0.5"]), job_id=job_id)
    crew.wait_marks(name, "end")
    crew.wait_empty(Queue.SPEECH)
    assert len(crew.marks(name, "begin")) == 1


def test_a_job_whose_worker_is_killed_runs_again_within_the_lease(crew: Crew) -> None:
    name = label()
    crew.send(TrialOnce(label=name, steps=["60", OK]))
    [begun] = crew.wait_marks(name, "begin")
    os.kill(begun["pid"], signal.SIGKILL)
    killed_at = time.time()
    [ended] = crew.wait_marks(name, "end")
    assert ended["pid"] != begun["pid"]
    assert ended["at"] - killed_at < 2 * LEASE_SECONDS + 3  # SQS's lease, then up to a second of waiting for ours
    crew.wait_empty(Queue.SPEECH)


def test_a_long_run_keeps_its_lease(crew: Crew) -> None:
    name, job_id = label(), label()
    seconds = LEASE_SECONDS * 1.5
    crew.send(TrialOnce(label=name, steps=[str(seconds)]), job_id=job_id)
    crew.wait_marks(name, "begin")
    crew.send(TrialOnce(label=name, steps=[str(seconds)]), job_id=job_id)
    crew.wait_marks(name, "end")
    crew.wait_empty(Queue.SPEECH)
    assert len(crew.marks(name, "begin")) == 1


def test_big_arguments_travel_by_the_bucket(crew: Crew) -> None:
    name = label()
    crew.send(Trial(label=name, text="가" * 400_000))
    assert crew.wait_marks(name, "begin")[0]["characters"] == 400_000


def test_a_lost_claim_becomes_a_letter_that_says_so(crew: Crew) -> None:
    claim = crew.context.claims.leave(Trial(label=label(), text="a" * 100_000).wire())
    key = key_of(claim)
    assert key is not None
    crew.context.aws.s3.put_object(Bucket=crew.settings.chat_bucket_name, Key=key, Body=b"{}")
    crew.resend("trial.trial", Queue.TTS, claim, job_id=label())
    letter = crew.letter()
    assert letter["error"] == f"ClaimLost: The arguments in {key} are not those that were left there."
    crew.context.aws.s3.delete_object(Bucket=crew.settings.chat_bucket_name, Key=key)
    crew.resend("trial.trial", Queue.TTS, claim, job_id=label())
    letter = crew.letter()
    assert letter["error"] == f"ClaimLost: The arguments are no longer in {key}."
    assert letter["argumentsKey"] == key
    assert letter["attempts"] == 1


def test_an_unknown_task_is_handed_back(crew: Crew) -> None:
    crew.resend("trial.of_a_newer_release", Queue.AI_TASKS, {}, job_id=label())
    worker = crew.start(Queue.AI_TASKS)
    until(lambda: "trial.of_a_newer_release is unknown here, handed back" in crew.log.read_text(), "the hand-back")
    assert worker.end() == 0
    assert not crew.is_empty(Queue.AI_TASKS)


def test_a_retry_keeps_its_place_in_its_group(crew: Crew) -> None:
    name = label()
    for number in range(3):
        steps = [BUG, OK] if number == 0 else [OK]
        crew.send(TrialInOrder(label=f"{name}-{number}", steps=steps))
    [last] = crew.wait_marks(f"{name}-2", "end")
    ends = [crew.marks(f"{name}-{number}", "end")[0]["at"] for number in range(3)]
    assert ends == sorted(ends)
    assert len(crew.marks(f"{name}-0", "begin")) == 2
    assert crew.marks(f"{name}-1", "begin")[0]["at"] > ends[0]
    assert last["at"] == ends[2]


def test_a_worker_that_is_told_to_end_finishes_what_it_began(crew: Crew) -> None:
    name = label()
    crew.send(Trial(label=name, steps=["1.5"]))
    [begun] = crew.wait_marks(name, "begin")
    [worker] = [worker for worker in crew.workers if worker.process.pid == begun["pid"]]
    assert worker.end() == 0
    assert len(crew.marks(name, "end")) == 1
    crew.wait_empty(Queue.TTS)
    assert len(crew.marks(name, "begin")) == 1


def test_log_lines_tell_of_each_run(crew: Crew) -> None:
    name = label()
    with correlated("request-8"):
        crew.send(Trial(label=name, steps=[UNAVAILABLE, OK]))
    crew.wait_marks(name, "end")
    lines = until(lambda: crew.lines("job.done", requestId="request-8"), "the line")
    [retried] = crew.lines("job.retried", requestId="request-8")
    assert [line["attempt"] for line in crew.lines("job.began", requestId="request-8")] == [1, 2]
    assert {"task": "trial.trial", "queue": "tts", "attempt": 2}.items() <= lines[0].items()
    assert retried["problem"] == "Unavailable"
    assert lines[0]["queueSeconds"] > 0
    assert 0 <= lines[0]["duration"] < 5


def test_the_deadline_reaches_the_rule(crew: Crew) -> None:
    name = label()
    crew.send(Trial(label=name))
    [mark] = crew.wait_marks(name, "begin")
    assert 50 < mark["remaining"] <= 60
