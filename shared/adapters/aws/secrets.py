"""AWS Secrets Manager, asked once, at the start of a process."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.kernel.settings import Misconfigured

REFERENCE = "secretsmanager:"


def is_reference(text: str) -> bool:
    """Tell whether a setting only names a secret: `secretsmanager:NAME`, behind whatever goes before it."""
    return REFERENCE in text


class SecretsManager:
    """Reads secrets by name or ARN; nothing is kept, and nothing is logged."""

    def __init__(self, client: Any) -> None:
        """Use a boto3 client of Secrets Manager."""
        self._client = client

    def filled_in(self, variable: str, text: str) -> str:
        """Return a setting with the secret in place of its name: `operator:secretsmanager:NAME` is `operator:SECRET`.

        Raises:
            Misconfigured: it cannot be read; the message says why, and names the variable. A supervisor starts again.
        """
        before, _, name = text.partition(REFERENCE)
        try:
            return before + str(self._client.get_secret_value(SecretId=name)["SecretString"])
        except (ClientError, BotoCoreError, KeyError) as problem:
            reason = "holds no text" if isinstance(problem, KeyError) else f"cannot be read: {_reason(problem)}"
            raise Misconfigured(f"SpeakTracker does not start:\n  {variable}: the secret {name} {reason}") from problem


def _reason(problem: ClientError | BotoCoreError) -> str:
    return str(problem.response["Error"]["Code"]) if isinstance(problem, ClientError) else type(problem).__name__
