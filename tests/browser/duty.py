"""Somebody on duty, and dead letters to find: jobs that died in a bad hour and can be done now, but for one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.adapters.dynamodb.dead_letters import DynamoLetters
from shared.adapters.dynamodb.table import Table
from shared.domains.dead_letters.models import DeadLetter, Death, LetterState, fingerprint
from shared.domains.notebook.contract import NoteMistake
from shared.domains.notebook.models import Mistake, MistakeKind
from shared.kernel.times import timestamp
from tests.flows.people import People, Person
from tests.flows.platform import Platform

ERROR = "Unavailable: the table did not answer in 5 s"
TRACEBACK = """Traceback (most recent call last):
  File "/app/workers/handling.py", line 74, in run
    service(job, **ports)
  File "/app/shared/adapters/dynamodb/table.py", line 91, in write
    raise Unavailable("the table did not answer in 5 s")
shared.kernel.errors.Unavailable: the table did not answer in 5 s
"""


def operator(people: People) -> Person:
    """Return somebody on duty."""
    person = people.fresh()
    platform = person.platform
    pool = platform.state["aws"]["userPoolId"]
    platform.cognito.admin_add_user_to_group(UserPoolId=pool, Username=person.email, GroupName="operators")
    person.sign_in()
    return person


def put_letters(platform: Platform, student: Person, count: int) -> list[str]:
    """Put letters of one cause, and return their ids; the arguments of the newest lack whose mistake it is."""
    store = DynamoLetters(Table(platform.client("dynamodb"), platform.table))
    ids = []
    for number in range(count):
        letter = _letter(student, number)
        if number == count - 1:
            letter = letter.model_copy(update={"arguments": _without_owner(letter.arguments or {})})
        store.record(letter)
        ids.append(letter.id)
    return ids


def put_strange_letter(platform: Platform, student: Person, texts: list[str]) -> str:
    """Put a parked letter of which a stranger wrote every word that operators read, and return its id."""
    letter = _letter(student, 99).model_copy(
        update={
            "state": LetterState.PARKED,
            "error": f"Invalid: {texts[0]} {texts[1]}",
            "traceback": "\n".join(texts),
            "arguments": {text: text for text in texts},
            "reason": texts[2],
            "correlation_id": texts[4][:100],
            "fingerprint": "a stranger's",
        }
    )
    DynamoLetters(Table(platform.client("dynamodb"), platform.table)).record(letter)
    return letter.id


def _letter(student: Person, number: int) -> DeadLetter:
    at = datetime.now(UTC) - timedelta(minutes=30) + timedelta(minutes=number)
    mistake = Mistake(
        happening_id=f"lost-{student.user_id}-{number}",
        user_id=student.user_id,
        kind=MistakeKind.CORRECTION,
        said=f"I goes there {number} times.",
        better=f"I went there {number} times.",
        source="partner",
        at=timestamp(at),
    )
    job = NoteMistake(mistake=mistake)
    return DeadLetter(
        id=f"{job.identity()}",
        state=LetterState.OPEN,
        task=NoteMistake.name,
        queue=NoteMistake.queue.value,
        death=Death.FAILED,
        error=ERROR,
        traceback=TRACEBACK,
        fingerprint=fingerprint(NoteMistake.name, NoteMistake.queue.value, Death.FAILED, ERROR, TRACEBACK),
        attempts=3,
        receives=3,
        arguments=job.wire(),
        first_at=timestamp(at - timedelta(minutes=5)),
        last_at=timestamp(at),
    )


def _without_owner(arguments: dict[str, Any]) -> dict[str, Any]:
    mistake = {name: value for name, value in arguments["mistake"].items() if name != "userId"}
    return {"mistake": mistake}
