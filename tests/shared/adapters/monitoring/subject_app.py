"""The application that the real workers of these tests run: stock SQS transport, tasks that wait on files."""

import os
import time
from pathlib import Path

import boto3
from celery import Celery
from celery.worker.consumer import Consumer
from kombu import Queue

from shared.adapters.monitoring.application import install
from shared.adapters.monitoring.consumer import MonitoredConsumerMixin
from shared.adapters.monitoring.options import MonitoringOptions

QUEUES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")


class MonitoredConsumer(MonitoredConsumerMixin, Consumer):
    """Celery's stock consumer with the mixin."""


def options_for(redis_url, endpoint, **changes):
    def sqs_client():
        return boto3.client(
            "sqs",
            region_name="us-east-1",
            endpoint_url=endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    queues = {name: name for name in QUEUES}
    settings = {"key_prefix": "subject.", "sqs_client": sqs_client, "queues": queues, "redis_timeout": 1.0}
    return MonitoringOptions(redis_url=redis_url, **{**settings, **changes})


def configured(endpoint):
    """An application on the stock SQS transport, without monitoring."""
    application = Celery("subject", set_as_current=False)
    application.conf.update(
        broker_url=endpoint.replace("http://", "sqs://test:test@"),
        broker_transport_options={
            "region": "us-east-1",
            "is_secure": False,
            "polling_interval": 0,
            "wait_time_seconds": 1,
            "predefined_queues": {name: {"url": f"{endpoint}/000000000000/{name}"} for name in QUEUES},
        },
        broker_connection_retry_on_startup=True,
        task_queues=[Queue(name) for name in QUEUES],
        task_default_queue="alpha",
        task_create_missing_queues=False,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        an_extension_url="redis://:hush@127.0.0.1/0",
        worker_consumer=f"{__name__}:MonitoredConsumer",
    )
    return application


ENDPOINT = os.environ.get("SUBJECT_SQS", "http://127.0.0.1:1")
options = options_for(os.environ.get("SUBJECT_REDIS", "redis://127.0.0.1:1/0"), ENDPOINT)
app = install(configured(ENDPOINT), options)


def binding():
    return options, app


@app.task(name="subject.add")
def add(x, y):
    return f"a private result {x + y}"


@app.task(name="subject.touch")
def touch(path):
    Path(path).touch()


@app.task(name="subject.fail")
def fail(word):
    raise ValueError(f"a private message {word}")


@app.task(name="subject.hold")
def hold(path, started=None):
    if started:
        Path(started).touch()
    deadline = time.monotonic() + 30
    while not Path(path).exists() and time.monotonic() < deadline:
        time.sleep(0.02)


@app.task(name="subject.pass_on")
def pass_on(path, queue):
    touch.apply_async((path,), argsrepr="(...)", queue=queue)
