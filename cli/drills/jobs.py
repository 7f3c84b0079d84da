"""Jobs that a drill makes itself: their records, and their messages as a foreign producer sends them."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from cli.drills.scene import Scene
from shared.adapters.dynamodb.dead_letters import DynamoLetters
from shared.adapters.dynamodb.jobs import DynamoJobRecords
from shared.adapters.dynamodb.table import Table
from shared.domains.dead_letters.models import Wanted
from shared.domains.jobs.models import JobRecord
from shared.domains.voice.contract import SynthesizeSpeech
from shared.kernel.queues import Queue
from shared.kernel.times import timestamp

MOST_LETTERS = 10_000


def a_job(**times: str) -> JobRecord:
    """Return a job that somebody waits for, as of now where no times are given."""
    now = timestamp(datetime.now(UTC))
    given = {"job_id": str(uuid.uuid4()), "user_id": "drill", "kind": "tts", "created_at": now, "updated_at": now}
    return JobRecord.model_validate(given | times)


def send(scene: Scene, headers: dict[str, Any]) -> None:
    """Put a message on the queue of speech; its arguments are no job's, so that it dies where it is run."""
    envelope = {
        "body": json.dumps([[{"jobId": headers["id"]}], {}, {}]),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": SynthesizeSpeech.name, "argsrepr": "()", "kwargsrepr": "{}", **headers},
        "properties": {"body_encoding": "utf-8", "delivery_info": {}, "delivery_mode": 2},
    }
    url = scene.state["aws"]["queues"][Queue.TTS.value]
    scene.clients.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(envelope))


def table_of(scene: Scene) -> Table:
    """Return the platform's table."""
    return Table(scene.clients.dynamodb, scene.platform.table)


def arguments_of_letters(scene: Scene) -> list[str]:
    """Return what the jobs were given that are dead letters, each as JSON."""
    page = DynamoLetters(table_of(scene)).find(Wanted(), limit=MOST_LETTERS, position=None)
    return [json.dumps(letter.arguments, ensure_ascii=False) for letter in page.items]


def records_of(scene: Scene) -> DynamoJobRecords:
    """Return the records of what clients wait for."""
    return DynamoJobRecords(table_of(scene))
