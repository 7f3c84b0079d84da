"""What is said where something is not as it must be: a sentence for each way in which a check can fail."""

from dataclasses import dataclass

NO_GATEWAY = "{base} does not answer as a gateway: {problem}."
NOT_READY = "The gateway is not ready: {names} does not answer it."
NOT_READY_STATUS = "The gateway is not ready: /readyz answers {status}."
NO_AWS = "AWS does not answer: {problem}."
REFUSED = "AWS refuses: {problem}"
UNSENT = "A message cannot be sent as {email}: {problem}"
UNPUSHED = "A message was acknowledged, and not pushed within {seconds:g} s."
NOTHING_TO_STORE = "No message could be sent, so none was stored."
UNSTORED = "The message is not in the table after {seconds:g} s: do the workers of persistence run?"
NO_DEPTHS = "SQS does not tell its depths: {problem}."
DEAD = "{count} messages lie on the dead-letter queue of {queue}."
NOTHING_TO_LOG = "No message could be sent, so no line tells of it."
UNLOGGED = "No line of {log} names the message's request within {seconds:g} s."


@dataclass(frozen=True)
class Promise:
    """What a check proves, and the sentences in which it says otherwise."""

    holds: str
    sentences: tuple[str, ...]


PROMISES: dict[str, Promise] = {
    "gateway": Promise(
        "/readyz answers 200, with no notice of what works less well than it should",
        (NO_GATEWAY, NOT_READY, NOT_READY_STATUS),
    ),
    "resources": Promise(
        "queues, table, bucket and user pool are as the code defines them; else a sentence for each difference",
        (NO_AWS, REFUSED),
    ),
    "a live push": Promise("an account signs in, makes a room, says a message and hears it pushed", (UNSENT, UNPUSHED)),
    "stored": Promise("that message is found in the table", (NOTHING_TO_STORE, UNSTORED, REFUSED)),
    "dead-letter queues": Promise("no message lies on any", (NO_DEPTHS, DEAD, REFUSED)),
    "logs": Promise("a line of JSON names that message's request, where a log can be read", (NOTHING_TO_LOG, UNLOGGED)),
}
"""By the check's name. docs/deploy.md has the same."""
