"""Writes golden vectors of this release: `python tests/golden/record.py FOLDER` starts an AWS and a Redis of its own.

Jobs are what SQS was given, pushes what Redis published, frames what a socket gets: each as the release's own code
writes it. What has been recorded is never written again: later releases are held against it.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import gethostname
from typing import Any

import orjson
import redis

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from embedded.running import embedded_aws, embedded_redis, endpoint_url  # noqa: E402
from shared.adapters.aws.provisioner import Provisioner  # noqa: E402
from shared.adapters.redis_pushes import RedisConfirmations  # noqa: E402
from shared.adapters.redis_room_log import RedisRoomLog  # noqa: E402
from shared.adapters.redis_turns import RedisTurnLog  # noqa: E402
from shared.catalogue import ANSWERS, EVENTS, JOBS  # noqa: E402
from shared.domains.messages.models import Draft, Head, Highest, Message, MessageType  # noqa: E402
from shared.domains.turns.models import Answer, Ended  # noqa: E402
from shared.kernel.contract import Contract, Event, Job  # noqa: E402
from shared.kernel.settings import read_settings  # noqa: E402
from shared.kernel.topics import room_topic, session_topic, user_topic  # noqa: E402
from shared.wired.base import Base  # noqa: E402
from web.realtime.frames import ack_frame, frame_of  # noqa: E402

EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text("utf-8"))
Line = dict[str, Any]


def instance(types: tuple[type[Any], ...], name: str, fields: dict[str, Any]) -> Any:
    """Return the contract of that class; its discriminator has its default."""
    [found] = [one for one in types if one.__name__ == name]
    return found.model_validate(fields, by_alias=True)


@contextmanager
def platform() -> Iterator[Base]:
    """Run an AWS and a Redis of our own, provisioned."""
    with tempfile.TemporaryDirectory() as folder:
        aws = embedded_aws(Path(folder) / "aws").start()
        valkey = embedded_redis(Path(folder) / "redis").start()
        os.environ["AWS_ENDPOINT_URL"] = endpoint_url(aws)
        os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
        os.environ["REDIS_URL"] = f"redis://127.0.0.1:{valkey.port}/0"
        settings = read_settings()
        base = Base(settings)
        Provisioner(base.aws, settings).provision()
        try:
            yield base
        finally:
            aws.kill()
            valkey.kill()


def recorded_jobs(base: Base) -> Iterator[Line]:
    """Enqueue every example and take it off its queue."""
    for name, fields in EXAMPLES["jobs"]:
        job: Job = instance(JOBS, name, fields)
        base.jobs.enqueue(job)
        url = base.aws.sqs.get_queue_url(QueueName=base.settings.physical_name(job.queue.value))["QueueUrl"]
        [message] = base.aws.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, AttributeNames=["All"])["Messages"]
        base.aws.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        yield {
            "class": name,
            "name": job.name,
            "queue": job.queue.value,
            "group": message["Attributes"].get("MessageGroupId"),
            "arguments": fields,
            "body": message["Body"].replace(f"@{gethostname()}", "@host"),
        }


def recorded_frames() -> Iterator[Line]:
    """Write every frame that a client may send, then every frame that a socket gets."""
    for channel, fields in EXAMPLES["commands"]:
        yield {"from": "client", "channel": channel, "frame": json.dumps(fields, ensure_ascii=False)}
    for kind, types in (("answers", ANSWERS), ("events", EVENTS)):
        for name, fields in EXAMPLES[kind]:
            yield {"from": "gateway", "class": name, "frame": _text(instance(types, name, fields))}
    message = Message.model_validate(EXAMPLES["jobs"][18][1]["messages"][0])
    yield {"from": "gateway", "class": "MessageAck", "frame": ack_frame("r-2", message).payload.decode()}


def _text(contract: Contract) -> str:
    return frame_of(contract).payload.decode()


def recorded_pushes(base: Base) -> Iterator[Line]:
    """Do what publishes, and write what Redis published."""
    client = redis.Redis.from_url(base.settings.redis_url)
    subscription = client.pubsub()
    subscription.psubscribe("*")
    assert subscription.get_message(timeout=30)
    for what, act in _acts(base):
        act()
        while heard := subscription.get_message(timeout=0.3):
            yield {"what": what, "topic": heard["channel"].decode(), "parcel": heard["data"].decode()}
    subscription.close()
    client.close()


def _acts(base: Base) -> Iterator[tuple[str, Callable[[], object]]]:
    for name, fields in EXAMPLES["events"]:
        event: Event = instance(EVENTS, name, fields)
        yield f"{name} to a room", lambda event=event: base.events.publish(room_topic("room-1"), event)
        yield f"{name} to a user", lambda event=event: base.events.publish(user_topic("user-1"), event)
    typing: Event = instance(EVENTS, *EXAMPLES["events"][-1])
    yield "to all but one", lambda: base.events.publish(room_topic("room-1"), typing, except_user="user-1")
    yield "closing", lambda: base.events.close(session_topic("session-1"), 1008, reason="signed out")
    yield "closing some", lambda: base.events.close(room_topic("room-1"), 1008, reason="removed", user_id="user-1")
    confirmations = RedisConfirmations(base.redis)
    feedback: Event = instance(EVENTS, *EXAMPLES["events"][3])
    yield "asking", lambda: confirmations.ask("user-1", feedback, token="token-1", reply_to="gateway:gateway-1")
    yield "confirming", lambda: confirmations.confirm("token-1", "gateway:gateway-1")
    yield from _room_acts(RedisRoomLog(base.redis, base.clock))
    yield from _turn_acts(RedisTurnLog(base.redis))


def _room_acts(log: RedisRoomLog) -> Iterator[tuple[str, Callable[[], object]]]:
    log.begin("room-1")
    drafts = (
        Draft("message-1", "room-1", "user-1", "안녕 🙂", MessageType.TEXT, None, None),
        Draft(
            "message-2", "room-1", "user-1", "a picture", MessageType.IMAGE, "uploads/1.png", "https://example.com/1"
        ),
    )
    for draft in drafts:
        yield "posting", lambda draft=draft: log.post(draft, is_verified=True)

    def lose() -> Head:
        return log.restore("room-2", above=Highest(7, "2026-11-20T08:00:00.123456Z"))

    yield "a new epoch", lose


def _turn_acts(log: RedisTurnLog) -> Iterator[tuple[str, Callable[[], object]]]:
    log.open("turn-1")
    runs: list[int] = []
    yield "a turn begins", lambda: runs.append(log.begin("turn-1").run)
    yield "a turn speaks", lambda: log.say("turn-1", runs[0], "That’s ")
    answer = Answer(conversation_id="conversation-1", response="That’s nice!", status=Ended.COMPLETED)
    yield "a turn ends", lambda: log.end("turn-1", answer)


def recorded_reader() -> Iterator[Line]:
    """Write what this release reads of jobs, answers and events: later releases' writing is held against it."""
    for kind, types in (("answer", ANSWERS), ("event", EVENTS), ("job", JOBS)):
        for contract in types:
            yield {"contract": f"{kind}.{contract.__name__}", "schema": contract.model_json_schema(mode="validation")}


def main(folder: Path) -> None:
    """Write the four files."""
    folder.mkdir(parents=True)
    with platform() as base:
        _write(folder / "jobs.jsonl", recorded_jobs(base))
        _write(folder / "pushes.jsonl", recorded_pushes(base))
    _write(folder / "frames.jsonl", recorded_frames())
    _write(folder / "reader.jsonl", recorded_reader())


def _write(path: Path, lines: Iterator[Line]) -> None:
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
