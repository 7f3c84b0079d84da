"""What no schema can say: by operation, the sentences with which a request that the document allows is refused (400).

Schemathesis loads this file, and holds every such refusal to these sentences. Any other 400 of a request that the
document allows fails, and so does one of an operation that is not named here.
"""

import json
import re
from typing import Any
from uuid import uuid4

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import FuzzingPhaseData

ALLOWED = ["2xx", "3xx", "401", "403", "404", "409", "429", "503"]
"""Schemathesis' own list but for the faults of a server: well formed is not the same as permitted, or there."""
REFUSALS = ["400", "401", "403", "404", "405", "408", "409", "413", "414", "415", "429"]
"""What may answer a request that the document refuses: its list, with the refusals of what is too long or too slow."""

RULED = ["400", "413", "415"]
"""What a rule of ours answers: wrong, too large, or of another type than it says."""
MOST = 300
_TIME = ".*(is out of range|must be in ).*"
_CURSOR = "The cursor is damaged or belongs to another list."
_SEEN = "has nothing that can be seen|has a character that cannot be seen|mixes letters of scripts that look alike"
_STORED = "takes too much room|holds a number beyond what can be kept|is nested too deeply"
_NAME = f"{_SEEN}|takes too much room"
_PASSWORD = "The password needs 8 or more characters.*|This password is one of the commonest: choose another."
_NONE = "(?!)"
"""Only 413 and 415: what it takes is a type of media and a size, which are text and a number to the document."""
_CODE = "The code is wrong or expired."
_AUDIO = "The recording cannot be read.|A recording takes at most .*"
LISTS = (
    *("listBudgets", "listConversations", "listDeadLetters", "listFeedback", "listGraphs", "listMessages"),
    *("listNotebook", "listNotifications", "listRequests", "listResults", "listReview", "listRooms", "listSessions"),
    *("listStudentsResults", "listTutors"),
)
RULES: dict[str, str] = {
    "confirm": _CODE,
    "reset": f"{_CODE}|{_PASSWORD}",
    "register": f"{_PASSWORD}|{_NAME}",
    "hearRecording": _AUDIO,
    "sendTurn": f"{_AUDIO}|userMessage or audioData is needed.",
    "evaluateRecording": f"{_AUDIO}|.*English word.*|The recording .*",
    "updateAccount": f"{_NAME}|is for tutors|is not a time zone of the IANA database|The key was not issued to you.",
    "createRoom": f"{_NAME}|a private room needs a password|a password needs isPrivate: true",
    "showDays": "from must not be after to, and at most 366 days may be asked for",
    "showStudentsDays": "from must not be after to, and at most 366 days may be asked for",
    "startSession": _STORED,
    "requestSpeech": "text is blank|This text cannot be spoken.",
    "sendFeedback": "to lies before from|.*link.*",
    "replayDeadLetters": "only open letters are replayed|name a queue, task, fingerprint or time, or say all: true"
    f"|{_TIME}",
    "logout": "is needed",
    "refreshTokens": "is needed",
    "requestProfileImage": _NONE,
    "requestUpload": _NONE,
} | dict.fromkeys(LISTS, f"{_CURSOR}|{_TIME}")
RULES["listRooms"] = f"{_CURSOR}|is not known here"
"""Of a level under both of its names, one is not known: no list of parameters says that two exclude each other."""


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Keep requests from what would hide their answers, unless just that is tried.

    Under a key that was used, the first answer comes again, whatever is asked: each has a key of its own. An address of
    more than 8,000 bytes is refused (414) before anything else of it is looked at: texts in it are shorter. Absent and
    null mean the same, so null alone makes no body wrong: it gets a field that does. Refusals are read in English.
    """
    if case.meta is None:
        return
    if "Idempotency-Key" in case.headers and not case.meta.is_negative_at(ParameterLocation.HEADER):
        case.headers["Idempotency-Key"] = uuid4().hex
    if not case.meta.is_negative_at(ParameterLocation.QUERY):
        case.query = {name: one[:MOST] if isinstance(one, str) else one for name, one in (case.query or {}).items()}
    if isinstance(case.body, dict):
        if case.meta.is_negative_at(ParameterLocation.BODY) and None in case.body.values():
            case.body["unheardOf"] = True
        if case.body.get("language") == "ko":
            case.body["language"] = "en"


def excused(operation: str, body: bytes) -> bool:
    """Tell whether each sentence of a refusal is one that the operation's rules give."""
    rule = RULES.get(operation)
    refusal: dict[str, Any] = json.loads(body)
    said = [one["message"] for one in refusal.get("details", []) if "message" in one] or [refusal["message"]]
    return rule is not None and all(re.fullmatch(rule, one) for one in said)


@schemathesis.check
def refused_by_a_rule_alone(_context: Any, response: Any, case: Any) -> None:
    """A request that the document allows is refused by 400 only with a sentence that is named here."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 400:
        return
    if isinstance(case.meta.phase.data, FuzzingPhaseData):
        return
    operation = case.operation.definition.raw["operationId"]
    assert excused(operation, response.content), f"{operation} refuses what the document allows: {response.text[:500]}"
