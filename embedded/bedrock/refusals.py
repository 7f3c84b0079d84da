"""Errors as Bedrock's runtime gives them, with the status of each from botocore's service model."""

import json

from embedded.aws.wire import Answer

STATUSES = {
    "AccessDeniedException": 403,
    "InternalServerException": 500,
    "ModelErrorException": 424,
    "ModelStreamErrorException": 424,
    "ModelTimeoutException": 408,
    "ResourceNotFoundException": 404,
    "ServiceUnavailableException": 503,
    "ThrottlingException": 429,
    "UnknownOperationException": 404,
    "ValidationException": 400,
}
# Once a stream has begun it can only end with one of these; whatever else the model does is the stream's error.
_IN_STREAM = frozenset(
    {"InternalServerException", "ServiceUnavailableException", "ThrottlingException", "ValidationException"}
)


class Refused(Exception):
    """A call that fails, by AWS's name of the error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def answer(self) -> Answer:
        """Return it as the answer to a call that has not begun to be answered."""
        headers = {"content-type": "application/json", "x-amzn-errortype": self.code}
        return Answer(STATUSES[self.code], json.dumps({"message": self.message}).encode(), headers)

    @property
    def name_in_stream(self) -> str:
        """Return the name of the exception event that ends a stream."""
        code = self.code if self.code in _IN_STREAM else "ModelStreamErrorException"
        return code[0].lower() + code[1:]


def invalid(message: str) -> Refused:
    """Return the refusal of a request that AWS would not take either."""
    return Refused("ValidationException", message)
