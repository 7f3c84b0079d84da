"""Where the errors of Amazon Bedrock end."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from shared.adapters.aws.errors import BROKEN_STREAM, translated
from shared.kernel.errors import Unavailable
from shared.kernel.partner import PartnerRefused


@contextmanager
def answered() -> Iterator[None]:
    """Translate whatever asking the model, or reading what it says, may raise.

    Raises:
        Unavailable: throttled, too slow, a fault, or a connection or a frame that is broken.
        PartnerRefused: an invalid question, no permission, no such model, no credentials.
    """
    try:
        with translated():
            yield
    except (ClientError, BotoCoreError) as problem:
        raise PartnerRefused from problem
    except BROKEN_STREAM as problem:
        raise Unavailable("The AI partner's answer came broken.", "AI 파트너의 응답이 손상되었습니다.") from problem
