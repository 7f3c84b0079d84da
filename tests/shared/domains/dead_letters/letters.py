"""Letters to begin with."""

from typing import Any

from shared.domains.dead_letters.models import DeadLetter, Death, LetterState
from shared.domains.messages.contract import StoreMessages
from tests.builders import a_message

STORE = StoreMessages.name


def a_letter(number: int = 1, **fields: Any) -> DeadLetter:
    at = f"2026-01-02T03:{number:02d}:00.000000Z"
    given = {
        "id": f"j{number}",
        "state": LetterState.OPEN,
        "task": STORE,
        "queue": "persistence",
        "death": Death.FAILED,
        "error": "ValueError: secret words",
        "traceback": 'Traceback\n  File "/app/b.py", line 2, in store\n    say("words")\nValueError: words\n',
        "fingerprint": "f1",
        "arguments": StoreMessages(messages=[a_message(content="비밀 이야기")]).wire(),
        "first_at": at,
        "last_at": at,
    }
    return DeadLetter(**(given | fields))
