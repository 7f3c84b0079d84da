"""Workers that must not start, and the other pool."""

import os
import subprocess
import sys

from shared.kernel.queues import Queue
from tests.workers.crew import ROOT, Crew
from tests.workers.trial_jobs import OK, UNAVAILABLE, Trial, TrialOnce


def test_no_worker_and_no_gateway_starts_on_a_queue_without_a_redrive_policy(own_crew: Crew) -> None:
    for queue in (Queue.TTS, Queue.PERSISTENCE):
        own_crew.context.aws.sqs.set_queue_attributes(QueueUrl=own_crew.url(queue), Attributes={"RedrivePolicy": ""})
    worker = own_crew.start(Queue.TTS, ready=False)
    gateway = subprocess.Popen(
        [sys.executable, "-c", "import web.wsgi"],
        cwd=ROOT,
        env={**os.environ, **own_crew.environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert worker.wait(120) == 1
    assert "-tts: RedrivePolicy is not set, must be" in worker.output.read_text()
    _, said = gateway.communicate(timeout=120)
    assert gateway.returncode != 0
    assert "-persistence: RedrivePolicy is not set, must be" in said


def test_flower_does_not_start_open_to_everybody(own_crew: Crew) -> None:
    command = [sys.executable, "-m", "celery", "-A", "shared.adapters.monitoring.flower_app", "flower"]
    binding = {"MONITORING_BINDING": "workers.monitoring:binding"}
    ended = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **own_crew.environment, **binding}, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert "FLOWER_BASIC_AUTH: must be set, as user:password" in ended.stderr


def test_the_other_pool_runs_jobs_too(own_crew: Crew) -> None:
    own_crew.start(Queue.TTS, Queue.SPEECH, WORKER_POOL="prefork")
    own_crew.send(Trial(label="a", steps=[UNAVAILABLE, OK]))
    own_crew.send(TrialOnce(label="b"))
    own_crew.wait_marks("a", "end")
    own_crew.wait_marks("b", "end")
    assert len(own_crew.marks("a", "begin")) == 2
    own_crew.wait_empty(Queue.TTS)
