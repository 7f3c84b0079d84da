from typing import Any

import pytest

from shared.adapters.memory.dead_letters import MemoryLetters
from shared.adapters.memory.operations import MemoryOperations, MemoryQueueDepths, MemoryWorkerControl
from shared.kernel.errors import Unavailable
from shared.kernel.queues import Queue
from tests.shared.domains.operations.test_showing import depth, sign
from tests.web.conftest import Web


class NoNotes:
    """Schedules whose store is away."""

    def last(self) -> dict[str, Any]:
        raise Unavailable("The table does not answer.")


@pytest.fixture
def duty(web: Web) -> str:
    """Sign an operator in, on a platform with one worker and a queue that nobody reads."""
    context: Any = web.context
    context.identities.groups["op@example.com"] = frozenset({"operators"})
    operations = MemoryOperations(context.clock)
    for name in ("tts", "speech-1"):
        operations.tell(sign(name, "tts"), keep_seconds=60)
    depths = [depth(queue.value, 3 if queue is Queue.SPEECH else 0, oldest_seconds=4.5) for queue in Queue]
    control = MemoryWorkerControl({"tts@h": None, "speech-1@h": 1})
    ports = {"operations": operations, "queue_depths": MemoryQueueDepths(depths), "worker_control": control}
    ports |= {"letters": MemoryLetters(), "schedule_notes": NoNotes()}
    context.__dict__.update(ports)
    return web.sign_in("op@example.com")


def test_an_operator_sees_queues_with_their_dead_letters_and_trend(web: Web, duty: str) -> None:
    found = web.call("GET", "/api/operations/queues", duty).get_json()
    speech = next(one for one in found["queues"] if one["queue"] == "speech")

    assert speech == {
        "queue": "speech",
        "depth": 3,
        "inFlight": 0,
        "oldestSeconds": 4.5,
        "tooLongSeconds": 20.0,
        "recent": [3],
        "trend": "unknown",
        "deadLetterQueue": "speech-dlq",
        "deadLetters": 0,
        "workers": 0,
    }
    assert found["at"].endswith("Z")


def test_an_operator_is_told_five_numbers_and_the_worst_problem(web: Web, duty: str) -> None:
    found = web.call("GET", "/api/operations/status", duty).get_json()

    assert (found["workers"], found["waiting"], found["letters"], found["connections"]) == (2, 3, 0, 0)
    kinds = [one["kind"] for one in found["problems"]]
    assert kinds[:3] == ["service_away", "no_gateway", "unattended"]
    assert found["problems"][0]["sentence"].startswith("DynamoDB does not answer")


def test_an_operator_sees_workers_and_what_none_of_them_reads(web: Web, duty: str) -> None:
    found = web.call("GET", "/api/operations/workers", duty).get_json()

    seen = [(one["name"], one["queues"], one["places"], one["draining"]) for one in found["workers"]]
    assert seen == [("speech-1", ["tts"], 4, False), ("tts", ["tts"], 4, False)]
    assert "speech" in found["unattended"]


@pytest.mark.parametrize("path", ["queues", "workers", "status"])
def test_nobody_else_sees_them(web: Web, duty: str, path: str) -> None:
    assert web.call("GET", f"/api/operations/{path}").status_code == 401
    assert web.call("GET", f"/api/operations/{path}", web.sign_in()).status_code == 403


def test_an_operator_drains_a_worker(web: Web, duty: str) -> None:
    answers = [web.call("POST", "/api/operations/workers/tts%40h/drain", duty) for _ in range(2)]

    told = answers[1].get_json()
    assert [one.status_code for one in answers] == [200, 200]
    assert (told["worker"], told["running"], told["waiting"], told["isIdle"]) == ("tts@h", 0, 0, True)


def test_an_operator_grows_a_worker_once(web: Web, duty: str) -> None:
    for _ in range(2):
        grown = web.call("POST", "/api/operations/workers/speech-1@h/grow", duty, json={"places": 3})
        assert (grown.status_code, grown.get_json()["places"]) == (200, 3)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("speech-1@h/grow", {"places": 0}, 400),
        ("speech-1@h/grow", {"places": -2}, 400),
        ("speech-1@h/grow", {"places": 257}, 400),
        ("speech-1@h/grow", {"places": "many"}, 400),
        ("speech-1@h/grow", {}, 400),
        ("nobody@h/grow", {"places": 2}, 404),
        ("nobody@h/drain", {}, 404),
        ("tts@h/grow", {"places": 40}, 409),
    ],
)
def test_what_cannot_be_done_to_a_worker_is_refused(
    web: Web, duty: str, path: str, body: dict[str, Any], status: int
) -> None:
    answer = web.call("POST", f"/api/operations/workers/{path}", duty, json=body)

    assert answer.status_code == status, answer.text
    if status == 409:
        assert answer.get_json()["details"] == [{"field": "worker", "message": "fixed_pool"}]


@pytest.mark.parametrize("verb", ["drain", "grow"])
def test_nobody_else_steers_workers(web: Web, duty: str, verb: str) -> None:
    path = f"/api/operations/workers/speech-1@h/{verb}"
    assert web.call("POST", path, json={"places": 2}).status_code == 401
    assert web.call("POST", path, web.sign_in(), json={"places": 2}).status_code == 403
    assert web.context.worker_control.draining == set()
