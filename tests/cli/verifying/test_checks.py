"""Each check of `speaktracker verify` says in its sentence what is broken, and nothing where nothing is."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from cli.verifying import sentences
from cli.verifying.checks import Deployment, Verification
from cli.verifying.sentences import PROMISES
from cli.verifying.talk import Patience
from shared.kernel.settings import read_settings
from shared.wiring import build_gateway
from tests.cli.verifying.stand_ins import Gateway, answering, serving

NOBODY = "http://127.0.0.1:9"
QUEUES = {"GetQueueUrl": {"QueueUrl": "http://127.0.0.1:9/queue"}}
UNSTORED: dict[str, Any] = {"GetItem": {}, "Query": {"Items": [], "Count": 0, "ScannedCount": 0}}
EMPTY = QUEUES | UNSTORED | {"GetQueueAttributes": {"Attributes": {"ApproximateNumberOfMessages": "0"}}}
PAGE = Path(__file__).resolve().parents[3] / "docs" / "deploy.md"

Said = Callable[..., list[str]]


@pytest.fixture
def said(tmp_path: Path) -> Iterator[Said]:
    """Run a check against what is given, after the message that it looks for, and return its sentences."""
    with ExitStack() as standing:

        def run(check: str, gateway: Gateway | None = None, aws: dict[str, Any] | None = None) -> list[str]:
            base = standing.enter_context(serving(gateway)) if gateway else NOBODY
            endpoint = standing.enter_context(answering(aws)) if aws is not None else NOBODY
            context = build_gateway(read_settings(aws_endpoint_url=endpoint))
            patience = Patience(pushed=0.2, stored=0.2, logged=0.2)
            of = Deployment(base, "me@example.com", "Practice-2024!", context, tmp_path / "log.jsonl", patience)
            checks = Verification(of).checks()
            if check in ("stored", "logs"):
                list(checks["a live push"]())
            return list(checks[check]())

        yield run


def test_every_sentence_stands_in_the_page_with_what_its_check_proves() -> None:
    page = PAGE.read_text("utf-8")
    for name, promise in PROMISES.items():
        [row] = [line for line in page.splitlines() if line.startswith(f"| {name} |")]
        assert promise.holds in row
        for sentence in promise.sentences:
            assert re.sub(r"\{[^}]+\}", "…", sentence) in row


def test_every_check_has_its_promise(tmp_path: Path) -> None:
    context = build_gateway(read_settings(aws_endpoint_url=NOBODY))

    assert list(Verification(Deployment(NOBODY, "", "", context, tmp_path)).checks()) == list(PROMISES)


GATEWAYS = {
    sentences.NO_GATEWAY: Gateway(ready="<html>A page of somebody else's.</html>"),
    sentences.NOT_READY: Gateway(ready={"checks": {"redis": False, "loops": True}}, status=503),
    sentences.NOT_READY_STATUS: Gateway(ready={"checks": {}}, status=503),
}


@pytest.mark.parametrize("sentence", GATEWAYS, ids=["nonsense", "redis", "status"])
def test_a_gateway_that_is_not_ready(said: Said, sentence: str) -> None:
    values = {"problem": "JSONDecodeError", "names": "redis", "status": 503}
    [problem] = said("gateway", GATEWAYS[sentence])

    assert re.fullmatch(sentence.format(base="http://[^ ]+", **values), problem)


def test_a_gateway_that_is_not_there(said: Said) -> None:
    assert said("gateway") == [sentences.NO_GATEWAY.format(base=NOBODY, problem="ConnectError")]


def test_what_a_gateway_notices_is_said(said: Said) -> None:
    assert said("gateway", Gateway(ready={"checks": {}, "notices": ["It is late."]})) == ["It is late."]


def test_an_aws_that_does_not_answer(said: Said) -> None:
    [problem] = said("resources")

    assert problem.startswith("AWS does not answer: Could not connect")


def test_an_aws_that_refuses(said: Said) -> None:
    [problem] = said("resources", aws={})

    assert problem.startswith("AWS refuses: ")
    assert "AccessDenied" in problem


def test_an_account_that_is_refused(said: Said) -> None:
    [problem] = said("a live push", Gateway(signs_in=False))

    assert problem == sentences.UNSENT.format(
        email="me@example.com", problem="UNAUTHORIZED: E-mail or password is wrong."
    )


def test_a_message_that_is_not_pushed(said: Said) -> None:
    gateway = Gateway(pushes=False)

    assert said("a live push", gateway) == [sentences.UNPUSHED.format(seconds=0.2)]
    assert gateway.deleted == ["room-1"], "the room of the try goes in any case"


def test_a_message_that_is_not_stored(said: Said) -> None:
    assert said("stored", Gateway(), aws=UNSTORED) == [sentences.UNSTORED.format(seconds=0.2)]


@pytest.mark.parametrize("check", ["stored", "dead-letter queues"])
def test_what_may_not_be_looked_at_is_said_and_does_not_end_the_rest(said: Said, check: str) -> None:
    [problem] = said(check, Gateway(), aws={})

    assert problem.startswith("AWS refuses: ")


def test_what_could_not_be_said_is_neither_stored_nor_logged(said: Said) -> None:
    assert said("stored") == [sentences.NOTHING_TO_STORE]
    assert said("logs") == [sentences.NOTHING_TO_LOG]


def test_letters_that_lie_there(said: Said) -> None:
    two = {"GetQueueAttributes": {"Attributes": {"ApproximateNumberOfMessages": "2"}}}
    found = said("dead-letter queues", aws=QUEUES | two)

    assert sentences.DEAD.format(count=2, queue="persistence") in found


def test_depths_that_are_not_told(said: Said) -> None:
    [problem] = said("dead-letter queues")

    assert problem.startswith("SQS does not tell its depths: Could not connect")


def test_a_log_that_does_not_tell(said: Said, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text("no line of ours\n", "utf-8")

    assert said("logs", Gateway()) == [sentences.UNLOGGED.format(log=log, seconds=0.2)]


def test_what_is_as_it_must_be_is_passed_over(said: Said, tmp_path: Path) -> None:
    gateway = Gateway(log=tmp_path / "log.jsonl")

    for check in ("gateway", "a live push", "dead-letter queues", "logs"):
        assert said(check, gateway, aws=EMPTY) == [], check
