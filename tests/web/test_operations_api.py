from typing import Any

import pytest

from shared.adapters.memory.operations import MemoryOperations, MemoryQueueDepths
from shared.kernel.queues import Queue
from tests.shared.domains.operations.test_showing import depth, sign
from tests.web.conftest import Web


@pytest.fixture
def duty(web: Web) -> str:
    """Sign an operator in, on a platform with one worker and a queue that nobody reads."""
    context: Any = web.context
    context.identities.groups["op@example.com"] = frozenset({"operators"})
    operations = MemoryOperations(context.clock)
    operations.tell(sign("tts", "tts"), keep_seconds=60)
    depths = [depth(queue.value, 3 if queue is Queue.SPEECH else 0, oldest_seconds=4.5) for queue in Queue]
    context.__dict__.update(operations=operations, queue_depths=MemoryQueueDepths(depths))
    return web.sign_in("op@example.com")


def test_an_operator_sees_queues_with_their_dead_letters_and_trend(web: Web, duty: str) -> None:
    found = web.call("GET", "/api/operations/queues", duty).get_json()
    speech = next(one for one in found["queues"] if one["queue"] == "speech")

    assert speech == {
        "queue": "speech",
        "depth": 3,
        "inFlight": 0,
        "oldestSeconds": 4.5,
        "trend": "unknown",
        "deadLetterQueue": "speech-dlq",
        "deadLetters": 0,
        "workers": 0,
    }
    assert found["at"].endswith("Z")


def test_an_operator_sees_workers_and_what_none_of_them_reads(web: Web, duty: str) -> None:
    found = web.call("GET", "/api/operations/workers", duty).get_json()

    assert [(one["name"], one["queues"], one["places"]) for one in found["workers"]] == [("tts", ["tts"], 4)]
    assert "speech" in found["unattended"]


@pytest.mark.parametrize("path", ["queues", "workers"])
def test_nobody_else_sees_them(web: Web, duty: str, path: str) -> None:
    assert web.call("GET", f"/api/operations/{path}").status_code == 401
    assert web.call("GET", f"/api/operations/{path}", web.sign_in()).status_code == 403
