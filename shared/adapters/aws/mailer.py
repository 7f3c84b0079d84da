"""E-mail by Amazon SES; without a sender's address, as on a laptop, a line in the log."""

from typing import Any

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code, translated
from shared.kernel.logs import get_log

_REFUSED = frozenset({"MessageRejected", "InvalidParameterValue"})

log = get_log()


class SesMailer:
    """The port Mailer."""

    def __init__(self, client: Any, sender: str) -> None:
        """Use a boto3 ses client and the verified address that mails come from."""
        self._client = client
        self._sender = sender

    def send(self, address: str, subject: str, text: str) -> None:
        """Send one mail; an address that takes none is passed over."""
        with translated():
            try:
                self._client.send_email(
                    Source=self._sender,
                    Destination={"ToAddresses": [address]},
                    Message={"Subject": {"Data": subject}, "Body": {"Text": {"Data": text}}},
                )
            except ClientError as problem:
                if error_code(problem) not in _REFUSED:
                    raise
                log.warning("mail.refused", reason=error_code(problem))


class LoggedMailer:
    """The port Mailer where no mail is sent: what would have been sent stands in the log."""

    def send(self, address: str, subject: str, text: str) -> None:
        """Write a line."""
        log.info("mail", to=address, subject=subject, text=text)
