from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from shared.adapters.aws.clients import AwsClients
from shared.adapters.dynamodb.items import encode
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Delete, Put, Table, Update, Write
from shared.kernel.errors import Unavailable
from shared.kernel.settings import read_settings


def an_item(number: int = 1, pk: str = "P", **fields: Any) -> dict[str, Any]:
    return {"PK": pk, "SK": f"S{number:03d}"} | fields


def refusal(code: str, reasons: list[str] | None = None, status: int = 400) -> ClientError:
    response: dict[str, Any] = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    if reasons is not None:
        response["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return ClientError(response, "Write")  # type: ignore[arg-type]


class Scripted:
    """A client that answers one method with what it was given, in turn; the last for ever."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def _answer(self, **arguments: Any) -> Any:
        self.asked.append(arguments)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    transact_write_items = update_item = put_item = delete_item = batch_write_item = batch_get_item = _answer


CONFLICTS = [
    refusal("TransactionConflictException"),
    refusal("TransactionCanceledException", ["None", "TransactionConflict"]),
    refusal("TransactionCanceledException", ["ThrottlingError", "TransactionConflict"]),
]
Act = Callable[[Table], object]
TRANSACT: Act = lambda table: table.transact([Put(an_item())])  # noqa: E731
WRITE: Act = lambda table: table.write(Update("P", "S", put={"a": 1}))  # noqa: E731


@pytest.mark.parametrize("act", [TRANSACT, WRITE])
def test_a_conflict_is_tried_again(act: Act) -> None:
    client = Scripted(*CONFLICTS, {})

    act(Table(client, "table"))

    assert len(client.asked) == 4
    assert all(asked == client.asked[0] for asked in client.asked)


@pytest.mark.parametrize("act", [TRANSACT, WRITE])
@pytest.mark.parametrize(
    ("problem", "told", "times"),
    [
        (refusal("TransactionCanceledException", ["ThrottlingError"]), Unavailable, 1),
        (refusal("InternalServerError", status=500), Unavailable, 1),
        (refusal("TransactionCanceledException", ["ValidationError", "TransactionConflict"]), ClientError, 1),
        (refusal("ValidationException"), ClientError, 1),
        (
            refusal("TransactionCanceledException", ["ConditionalCheckFailed", "TransactionConflict"]),
            ConditionFailed,
            1,
        ),
    ],
)
def test_what_cannot_be_done_is_said(act: Act, problem: ClientError, told: type[Exception], times: int) -> None:
    client = Scripted(problem)

    with pytest.raises(told):
        act(Table(client, "table"))

    assert len(client.asked) == times


def test_a_conflict_that_goes_on_is_unavailable() -> None:
    client = Scripted(CONFLICTS[0])

    with pytest.raises(Unavailable):
        TRANSACT(Table(client, "table"))
    assert len(client.asked) == 8


def test_what_was_throttled_is_written_again() -> None:
    client = AwsClients(read_settings(aws_endpoint_url="http://127.0.0.1:9")).dynamodb
    requests: list[Any] = [{"PutRequest": {"Item": encode(an_item(number))}} for number in range(25)]
    with Stubber(client) as stub:
        for left in (25, 10, 1):
            unprocessed = {"table": requests[: {25: 10, 10: 1, 1: 0}[left]]} if left > 1 else {}
            stub.add_response(
                "batch_write_item", {"UnprocessedItems": unprocessed}, {"RequestItems": {"table": requests[:left]}}
            )
        Table(client, "table").batch_write(Put(an_item(number)) for number in range(25))
        stub.assert_no_pending_responses()
    client.close()


def test_what_was_throttled_is_read_again() -> None:
    keys: list[Any] = [{"PK": {"S": "P"}, "SK": {"S": f"S{number:03d}"}} for number in range(3)]
    client = Scripted(
        {"Responses": {"table": [encode(an_item(0))]}, "UnprocessedKeys": {"table": {"Keys": keys[1:]}}},
        {"Responses": {}, "UnprocessedKeys": {"table": {"Keys": keys[2:]}}},
        {"Responses": {"table": [encode(an_item(2))]}, "UnprocessedKeys": {}},
    )

    found = Table(client, "table").batch_get([("P", f"S{number:03d}") for number in range(3)])

    assert found == [an_item(0), an_item(2)]
    assert client.asked[2] == {"RequestItems": {"table": {"Keys": keys[2:]}}}


@pytest.mark.parametrize("answer", [{"UnprocessedItems": {"table": [{}]}}, refusal("ThrottlingException")])
def test_a_table_that_stays_throttled_is_unavailable(answer: Any) -> None:
    with pytest.raises(Unavailable):
        Table(Scripted(answer), "table").batch_write([Put(an_item())])


def test_an_endpoint_that_is_away_is_unavailable() -> None:
    client = AwsClients(read_settings(aws_endpoint_url="http://127.0.0.1:9")).dynamodb
    table = Table(client, "table")

    for act in (WRITE, lambda one: one.query("P")):
        with pytest.raises(Unavailable):
            act(table)
    client.close()


def met(item: dict[str, Any] | None, *, repeated: bool) -> ClientError:
    """Return the refusal of a write that met an item, at botocore's first asking or at a repetition."""
    problem = refusal("ConditionalCheckFailedException")
    response: Any = problem.response
    response["ResponseMetadata"]["RetryAttempts"] = int(repeated)
    if item is not None:
        response["Item"] = encode(item)
    return problem


OWN: list[tuple[Write, dict[str, Any] | None]] = [
    (Put(an_item(a=1, b=0.5), NEW), an_item(a=1, b=0.5)),
    (Update("P", "S", put={"a": 1}, add={"fence": 1}, condition=PRESENT), an_item(a=1, fence=3, other="x")),
    (Delete("P", "S", PRESENT), None),
]
FOREIGN: list[tuple[Write, dict[str, Any] | None]] = [
    (Put(an_item(a=1), NEW), an_item(a=2)),
    (Update("P", "S", put={"a": 1}, condition=PRESENT), an_item(a=2)),
    (Update("P", "S", put={"a": 1}, condition=PRESENT), None),
    (Update("P", "S", add={"a": 1}, condition=PRESENT), an_item(a=2)),
    (Delete("P", "S", PRESENT), an_item()),
]


@pytest.mark.parametrize(("write", "there"), OWN)
def test_a_write_that_was_repeated_after_a_lost_answer_is_not_refused_for_its_own_sake(
    write: Write, there: dict[str, Any] | None
) -> None:
    Table(Scripted(met(there, repeated=True)), "table").write(write)
    with pytest.raises(ConditionFailed):
        Table(Scripted(met(there, repeated=False)), "table").write(write)


@pytest.mark.parametrize(("write", "there"), FOREIGN)
def test_what_another_did_meanwhile_is_refused_all_the_same(write: Write, there: dict[str, Any] | None) -> None:
    with pytest.raises(ConditionFailed):
        Table(Scripted(met(there, repeated=True)), "table").write(write)


def test_a_repeated_update_returns_what_it_made() -> None:
    table = Table(Scripted(met(an_item(a=1, fence=3), repeated=True)), "table")
    made = table.write(Update("P", "S", put={"a": 1}, add={"fence": 1}, condition=PRESENT), want="ALL_NEW")
    assert made["fence"] == 3
