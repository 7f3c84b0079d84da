"""Single items that many ask for at once: in few calls, each caller its own, and nobody for another's mistake."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.adapters.aws.clients import AwsClients
from shared.adapters.dynamodb.reads import BATCH_GET_LIMIT, READS_AT_ONCE, Reads
from shared.adapters.dynamodb.table import Put, Table
from shared.kernel.errors import Unavailable
from tests.shared.adapters.concurrency import until


class Watched:
    """The table's client, whose calls are noted, and wait while the gate is closed."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.calls: list[int] = []
        self.is_open = threading.Event()
        self.is_throttled = False

    def get_item(self, **arguments: Any) -> Any:
        return self._noted(1, self._client.get_item, arguments)

    def batch_get_item(self, **arguments: Any) -> Any:
        [asked] = arguments["RequestItems"].values()
        return self._noted(len(asked["Keys"]), self._client.batch_get_item, arguments)

    def _noted(self, places: int, call: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        if self.is_throttled:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "BatchGetItem")
        self.calls.append(places)
        assert self.is_open.wait(60)
        return call(**arguments)


class Scene:
    """Reads of a table with 150 items, by threads of their own."""

    def __init__(self, client: Any, table: Table) -> None:
        table.batch_write(Put({"PK": "P", "SK": f"S{number}", "tags": {"a"}}) for number in range(150))
        self.client = Watched(client)
        self.reads = Reads(self.client, table.name)
        self.outcomes: dict[int, Any] = {}
        self._threads: list[threading.Thread] = []

    def ask(self, *keys: str) -> None:
        """Ask for items, each in a thread, while the calls of the first four are held up."""
        for number, sk in enumerate(keys):
            self._threads.append(threading.Thread(target=self._read, args=(number, sk)))
            self._threads[-1].start()
            if number < READS_AT_ONCE:
                until(lambda begun=number + 1: len(self.client.calls) == begun)
        until(lambda: len(self.reads._grouping._waiting) == max(0, len(keys) - READS_AT_ONCE))

    def answer(self) -> list[Any]:
        """Let the calls go, and return what each caller got."""
        self.client.is_open.set()
        for thread in self._threads:
            thread.join(10)
        return [self.outcomes[number] for number in range(len(self._threads))]

    def _read(self, number: int, sk: str) -> None:
        try:
            self.outcomes[number] = self.reads.get(("P", sk))
        except (ClientError, Unavailable) as problem:
            self.outcomes[number] = type(problem)


@pytest.fixture
def scene(adapter_aws: AwsClients, adapter_table: Table) -> Iterator[Scene]:
    made = Scene(adapter_aws.dynamodb, adapter_table)
    yield made
    made.client.is_open.set()


def an_item(number: int) -> dict[str, Any]:
    return {"PK": "P", "SK": f"S{number}", "tags": {"a"}}


def test_who_asks_while_few_do_is_answered_by_a_call_of_its_own(scene: Scene) -> None:
    scene.ask("S0", "S1", "S2", "none")

    assert scene.answer() == [an_item(0), an_item(1), an_item(2), None]
    assert scene.client.calls == [1, 1, 1, 1]


def test_those_who_wait_are_read_together(scene: Scene) -> None:
    scene.ask(*[f"S{number}" for number in range(150)])

    assert scene.answer() == [an_item(number) for number in range(150)]
    assert scene.client.calls[:READS_AT_ONCE] == [1] * READS_AT_ONCE
    assert sum(scene.client.calls) == 150
    assert max(scene.client.calls) <= BATCH_GET_LIMIT
    assert len(scene.client.calls) <= 2 * READS_AT_ONCE  # a place that is free meanwhile may begin with one


def test_two_who_want_the_same_get_a_copy_each(scene: Scene) -> None:
    scene.ask("S0", "S1", "S2", "S3", "S9", "S9", "none")
    found = scene.answer()

    assert found[4:] == [an_item(9), an_item(9), None]
    found[4]["tags"].add("b")
    assert found[5] == an_item(9)


def test_a_key_that_is_refused_is_refused_to_its_caller_alone(scene: Scene) -> None:
    scene.ask("S0", "S1", "S2", "S3", "S4", "", "S6")

    assert scene.answer()[4:] == [an_item(4), ClientError, an_item(6)]


def test_what_is_throttled_is_unavailable_to_all_who_waited(scene: Scene) -> None:
    scene.ask("S0", "S1", "S2", "S3", "S4", "S5")
    scene.client.is_throttled = True

    assert scene.answer() == [an_item(0), an_item(1), an_item(2), an_item(3), Unavailable, Unavailable]
