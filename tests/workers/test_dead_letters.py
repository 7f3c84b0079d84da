"""Deaths of every kind in the product's own workers: recorded, mended, sent again, and closed."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import speaktracker
from shared.catalogue import job_type_of
from shared.domains.dead_letters.contract import (
    DiscardDeadLetter,
    EditDeadLetter,
    ReplayDueLetters,
    ReplayMatching,
    SweepRedriveQueues,
)
from shared.domains.dead_letters.models import DeadLetter, Death, LetterState, ReplayOutcome, Wanted
from shared.domains.dead_letters.rules import mending, replaying, replaying_many
from shared.domains.jobs.models import JobRecord, JobStatus
from shared.domains.jobs.service import record_job
from shared.domains.messages.contract import StoreMessages
from shared.kernel.ports import StoredJob
from shared.kernel.queues import Queue, dead_letter_queue_name
from tests.builders import a_message
from tests.workers.crew import CREDENTIALS, ROOT, Crew, until

GARBAGE = "hello, not a job"
RECEIVES = 10
TOO_LARGE = 450_000
"""Characters that no item of the table takes (400 KB), so that storing them fails every time."""


class Operators:
    """The product's worker on the queues of persistence and of dead letters, and what operators do."""

    def __init__(self, crew: Crew) -> None:
        self.crew, self.context = crew, crew.context
        self.context.__dict__["jobs"] = crew.jobs
        self.output = crew.folder / "product.out"

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", "workers.app", "worker", "-n", "product@test", "-c", "4"]
        command += ["-Q", "persistence,dead-letters", "--without-gossip", "--without-mingle"]
        with self.output.open("w") as file:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.crew.environment, stdout=file, stderr=file)
        until(lambda: "[queues]" in self.output.read_text(), "the worker is ready")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def letter(self, letter_id: str, *states: LetterState) -> DeadLetter:
        def found() -> DeadLetter | None:
            letter = self.context.letters.get(letter_id)
            return letter if letter is not None and letter.state in (states or LetterState) else None

        return until(found, f"letter {letter_id} {states}")  # type: ignore[return-value]

    def succeeded(self, letter_id: str) -> DeadLetter:
        until(lambda: self.letter(letter_id).succeeded_at, f"{letter_id} succeeded")
        return self.letter(letter_id)

    def listed(self) -> set[str]:
        page = self.context.letters.find(Wanted(), limit=100, position=None)
        return {letter.id for letter in page.items}

    def replay(self, letter_id: str) -> ReplayOutcome:
        return replaying.replay_dead_letter(letter_id, "op", desk=self.context.replay_desk)

    def edit(self, letter_id: str, arguments: dict[str, Any]) -> None:
        mending.edit_dead_letter(
            letter_id,
            EditDeadLetter(arguments=arguments, task=StoreMessages.name),
            "op",
            letters=self.context.letters,
            payloads=self.context.payloads,
            job_types=job_type_of,
            clock=self.context.clock,
        )

    def send(self, arguments: dict[str, Any], replays: int = 0) -> str:
        """Send the product's job with any arguments; return its id."""
        job_id = str(uuid.uuid4())
        self.crew.jobs.resend(StoredJob(job_id, StoreMessages.name, "persistence", arguments, replays=replays))
        return job_id

    def is_stored(self, room_id: str) -> bool:
        return self.crew.context.messages.highest(room_id).seq == 1

    def lying(self) -> int:
        """Count the messages in the dead-letter queue of persistence, hidden ones too."""
        name = dead_letter_queue_name(self.crew.settings.physical_name(Queue.PERSISTENCE.value))
        names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.context.aws.sqs.get_queue_attributes(QueueUrl=self.crew.urls[name], AttributeNames=names)
        return sum(map(int, found["Attributes"].values()))

    def said(self, *words: str, given: str | None = None) -> str:
        """Return what the command line says, from a process of its own where it sends."""
        if words[0] != "replay":
            done = CliRunner(env=self.crew.environment).invoke(speaktracker, ["dead-letters", *words], input=given)
            assert done.exit_code == 0, done.output
            return done.output
        command = [sys.executable, "-m", "cli", "dead-letters", *words]
        ended = subprocess.run(
            command, cwd=ROOT, env=os.environ | self.crew.environment, capture_output=True, text=True
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def die_unheard(self) -> str:
        """Let a message be received by workers that all die, until SQS moves it by itself."""
        job_id = self.send(saying("unheard"))
        url, sqs = self.crew.url(Queue.PERSISTENCE), self.context.aws.sqs
        for _ in range(RECEIVES):
            assert sqs.receive_message(QueueUrl=url, VisibilityTimeout=0, WaitTimeSeconds=1)["Messages"]
        assert "Messages" not in sqs.receive_message(QueueUrl=url, VisibilityTimeout=0, WaitTimeSeconds=0)
        return job_id


def saying(room_id: str, content: str = "안녕") -> dict[str, Any]:
    return StoreMessages(messages=[a_message(1, room_id=room_id, message_id=room_id, content=content)]).wire()


@pytest.fixture(scope="module")
def operators(
    worker_addresses: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Operators, str]]:
    """A running worker, and a job that died unheard before it came."""
    crew = Crew(*worker_addresses, tmp_path_factory.mktemp("operators"), "letters")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        found = Operators(crew)
        unheard = found.die_unheard()
        found.start()
        yield found, unheard
        found.stop()


def test_a_job_that_failed_is_mended_and_replayed_once(operators: tuple[Operators, str]) -> None:
    on_duty, _ = operators
    job_id = on_duty.send(saying("mended", "x" * TOO_LARGE))
    letter = on_duty.letter(job_id, LetterState.OPEN)
    assert (letter.task, letter.queue, letter.arguments) == (StoreMessages.name, "persistence", None)
    assert (letter.death, letter.attempts, letter.is_transient) == (Death.FAILED, 3, False)
    assert letter.arguments_key is not None
    assert job_id in on_duty.listed()

    on_duty.edit(job_id, saying("mended"))
    assert (on_duty.replay(job_id), on_duty.replay(job_id)) == (ReplayOutcome.SENT, ReplayOutcome.SETTLED)

    assert on_duty.succeeded(job_id).replays == 1
    assert on_duty.is_stored("mended")
    actions = [(line.by, line.action) for line in on_duty.context.letters.audits(job_id)]
    assert actions == [("op", "edited"), ("op", "replayed")]


def test_a_message_that_sqs_moved_by_itself_is_replayed(operators: tuple[Operators, str]) -> None:
    on_duty, unheard = operators
    for _ in range(2):
        on_duty.crew.jobs.enqueue(SweepRedriveQueues())

    letter = on_duty.letter(unheard, LetterState.OPEN)

    assert (letter.death, letter.receives >= RECEIVES) == (Death.NEVER_ACKNOWLEDGED, True)
    assert not on_duty.is_stored("unheard")
    assert on_duty.replay(unheard) is ReplayOutcome.SENT
    on_duty.succeeded(unheard)
    assert on_duty.is_stored("unheard")


def test_an_unreadable_message_is_parked_and_becomes_a_job_by_a_person_s_hand(
    operators: tuple[Operators, str],
) -> None:
    on_duty, _ = operators
    sqs, persistence = on_duty.context.aws.sqs, on_duty.crew.url(Queue.PERSISTENCE)
    letter_id = sqs.send_message(QueueUrl=persistence, MessageBody=GARBAGE)["MessageId"]

    until(on_duty.lying, "the message is set aside")
    on_duty.crew.jobs.enqueue(SweepRedriveQueues())
    letter = on_duty.letter(letter_id, LetterState.PARKED)
    assert (letter.raw_body, letter.death) == (GARBAGE, Death.UNREADABLE)

    on_duty.edit(letter_id, saying("rescued"))
    assert on_duty.replay(letter_id) is ReplayOutcome.SENT

    on_duty.succeeded(letter_id)
    assert on_duty.is_stored("rescued")


def test_a_job_that_dies_again_reopens_its_letter_and_is_discarded(operators: tuple[Operators, str]) -> None:
    on_duty, _ = operators
    job_id = on_duty.send({"messages": []})
    letter = on_duty.letter(job_id, LetterState.OPEN)
    claimable = replace(StoredJob(job_id, StoreMessages.name, "persistence", {"messages": []}), replays=1)
    on_duty.crew.jobs.resend(claimable)

    until(lambda: on_duty.letter(job_id).replays == 1, "the second death is noted")
    assert on_duty.letter(job_id).first_at == letter.first_at
    settled = mending.discard_dead_letter(
        job_id,
        DiscardDeadLetter(reason="nothing in it"),
        "op",
        letters=on_duty.context.letters,
        clock=on_duty.context.clock,
    )

    assert settled.state is LetterState.DISCARDED
    assert on_duty.replay(job_id) is ReplayOutcome.SETTLED
    [line] = on_duty.context.letters.audits(job_id)
    assert (line.action, line.details) == ("discarded", "nothing in it")


def test_many_are_replayed_by_a_job_behind_a_canary(operators: tuple[Operators, str]) -> None:
    on_duty, _ = operators
    context = on_duty.context
    rooms = {on_duty.send({"messages": []}): f"many-{number}" for number in range(4)}
    for job_id, room in rooms.items():
        on_duty.letter(job_id, LetterState.OPEN)
        on_duty.edit(job_id, saying(room))
    command = ReplayMatching.model_validate({"task": StoreMessages.name, "canary": True, "ratePerSecond": 20})
    told = replaying_many.check_matching(command, desk=context.replay_desk)
    assert [check.outcome for check in told.checks] == [ReplayOutcome.SENT] * 4

    record_job("many", replaying_many.KIND, "op", jobs=context.job_records, clock=context.clock)
    on_duty.crew.jobs.enqueue(replaying_many.replay_job(command, "many", "op", context.clock.now()))

    def many() -> JobRecord:
        found = context.job_records.get("many")
        assert found is not None
        return found

    until(lambda: many().is_finished, "the replay has ended")
    record = many()
    assert (record.status, record.result) == (JobStatus.COMPLETED, {"sent": 4, "skipped": 0})
    for job_id, room in rooms.items():
        on_duty.succeeded(job_id)
        assert on_duty.is_stored(room)


def test_a_letter_replays_by_itself_when_its_time_has_come(operators: tuple[Operators, str]) -> None:
    on_duty, _ = operators
    letters = on_duty.context.letters
    job_id = on_duty.send({"messages": []})
    on_duty.edit(job_id := on_duty.letter(job_id, LetterState.OPEN).id, saying("by-itself"))
    due_at = "2026-01-01T00:00:00.000000Z"
    waiting = on_duty.letter(job_id).model_copy(update={"replays": 1, "replay_at": due_at})
    letters.record(waiting)
    letters.schedule(job_id, due_at)

    on_duty.crew.jobs.enqueue(ReplayDueLetters())

    assert on_duty.succeeded(job_id).replays == 2
    assert on_duty.is_stored("by-itself")
    until(lambda: letters.due("2100-01-01", 10) == [], "nothing is due any more")


def test_the_command_line_does_what_the_page_does(operators: tuple[Operators, str]) -> None:
    on_duty, _ = operators
    mended, garbage = on_duty.send({"messages": []}), on_duty.send({"messages": []})
    for job_id in (mended, garbage):
        on_duty.letter(job_id, LetterState.OPEN)

    assert mended in on_duty.said("list", "--state", "open")
    assert "wrong_arguments" in on_duty.said("replay", "--task", StoreMessages.name, "--dry-run")
    assert "Edited" in on_duty.said("edit", mended, "--arguments", "-", given=json.dumps(saying("by-hand")))
    assert "Discarded" in on_duty.said("discard", garbage, "--reason", "nothing in it")
    assert "1 sent, 0 skipped." in on_duty.said("replay", "--all", "--canary")
    assert "edited" in on_duty.said("show", mended)

    on_duty.succeeded(mended)
    assert on_duty.is_stored("by-hand")


def test_on_a_fifo_queue_a_replay_arrives_once_and_the_next_one_too(operators: tuple[Operators, str]) -> None:
    on_duty, _ = operators
    job = StoredJob("turn", "nobody.knows", Queue.AI_CHAT.value, {}, group="conversation", replays=1)

    for again in (job, job, replace(job, replays=2)):
        on_duty.crew.jobs.resend(again)

    names: Any = ["ApproximateNumberOfMessages"]
    url = on_duty.crew.url(Queue.AI_CHAT)
    found = on_duty.context.aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
    assert found["Attributes"]["ApproximateNumberOfMessages"] == "2"


def test_nothing_is_left_in_the_dead_letter_queues(operators: tuple[Operators, str]) -> None:
    on_duty, _ = operators

    until(lambda: on_duty.lying() == 0, "the dead-letter queue is empty")
