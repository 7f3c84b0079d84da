"""AWS clients: one of each, near endpoints and far ones, and what becomes of their errors."""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

import orjson
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ReadTimeoutError
from structlog.testing import capture_logs
from urllib3.response import HTTPResponse

from shared.adapters.aws.clients import CREDENTIAL_VARIABLES, AwsClients
from shared.adapters.aws.errors import cancellation_reasons, is_transient, translated
from shared.kernel.errors import Unavailable
from shared.kernel.settings import Misconfigured, Settings, ToolSettings

STAND_IN = Settings(aws_endpoint_url="http://127.0.0.1:4566")


def answer(code: str, status: int = 400, reasons: tuple[str, ...] = ()) -> ClientError:
    response = {
        "Error": {"Code": code, "Message": ""},
        "ResponseMetadata": {"HTTPStatusCode": status},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(response, "Anything")  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in CREDENTIAL_VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_threads_share_one_client() -> None:
    clients, found = AwsClients(STAND_IN), []
    threads = [threading.Thread(target=lambda: found.append(clients.sqs)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1


def test_a_forked_child_builds_its_own() -> None:
    clients = AwsClients(STAND_IN)
    mine = clients.sqs
    child = os.fork()
    if child == 0:
        os._exit(0 if clients.sqs is not mine else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert clients.sqs is mine


def test_a_stand_in_gets_dummy_credentials_and_paths_for_buckets() -> None:
    url = AwsClients(STAND_IN).s3.generate_presigned_url("get_object", Params={"Bucket": "b-1", "Key": "k"})
    assert url.startswith("http://127.0.0.1:4566/b-1/k?")
    assert "Credential=test%2F" in url


def test_credentials_of_the_environment_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    assert "Credential=mine%2F" in AwsClients(STAND_IN).s3.generate_presigned_url(
        "get_object", {"Bucket": "b", "Key": "k"}
    )


def test_aws_itself_is_asked_at_its_regional_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    clients = AwsClients(ToolSettings())
    url = clients.s3.generate_presigned_url("put_object", Params={"Bucket": "b-1", "Key": "k"})
    assert url.startswith("https://b-1.s3.ap-northeast-2.amazonaws.com/k?")
    assert "checksum" not in url.lower()
    assert clients.client("sqs", read_seconds=15).meta.config.read_timeout == 15


def test_a_profile_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    with pytest.raises(Misconfigured, match=r"AWS_PROFILE: .* no profile named nobody"):
        AwsClients(STAND_IN).client("sqs")


@pytest.mark.parametrize(
    ("status", "code", "is_told"),
    [
        (400, "UnrecognizedClientException", True),
        (403, "AccessDeniedException", True),
        (503, "ServiceUnavailable", True),
        (400, "ConditionalCheckFailedException", False),
        (400, "ValidationException", False),
        (400, "ResourceNotFoundException", False),
    ],
)
def test_a_refusal_that_operators_must_see_is_logged(status: int, code: str, is_told: bool) -> None:
    clients = AwsClients(STAND_IN)
    body = orjson.dumps({"__type": f"com.amazonaws#{code}", "message": "somebody's words"})

    def refuse(**_fields: Any) -> AWSResponse:
        headers = {"x-amzn-requestid": "of-aws", "content-type": "application/x-amz-json-1.0"}
        return AWSResponse("http://127.0.0.1:4566", status, headers, HTTPResponse(BytesIO(body), preload_content=False))

    client = clients.client("dynamodb")
    client.meta.events.register("before-send", refuse)
    client.meta.events.register("needs-retry", lambda **_fields: None)
    with capture_logs() as logs, pytest.raises(ClientError):
        client.describe_table(TableName="ChatTable")
    told = [line for line in logs if line["event"] == "aws.refused"]
    wanted = {"service": "dynamodb", "operation": "DescribeTable", "status": status, "error_code": code}
    assert [{**line, **wanted} == line and line["awsRequestId"] == "of-aws" for line in told] == [True] * is_told


@pytest.mark.parametrize(
    "error",
    [
        answer("ThrottlingException"),
        answer("AnythingAtAll", 503),
        answer("AWS.SimpleQueueService.RequestThrottled"),
        answer("TransactionCanceledException", reasons=("None", "TransactionConflict")),
        EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
        ReadTimeoutError(endpoint_url="http://127.0.0.1:1"),
    ],
)
def test_what_may_succeed_later_is_unavailable(error: Exception) -> None:
    @translated()
    def call() -> None:
        raise error

    with pytest.raises(Unavailable) as caught:
        call()
    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    "error",
    [
        answer("ValidationException"),
        answer("ConditionalCheckFailedException"),
        answer("TransactionCanceledException", reasons=("ConditionalCheckFailed", "TransactionConflict")),
        NoCredentialsError(),
    ],
)
def test_what_never_succeeds_passes(error: Exception) -> None:
    with pytest.raises(type(error)), translated():
        raise error


def test_reasons_of_a_cancelled_transaction_keep_their_order() -> None:
    error = answer("TransactionCanceledException", reasons=("None", "ConditionalCheckFailed"))
    assert cancellation_reasons(error) == ["None", "ConditionalCheckFailed"]
    assert not is_transient(error)


class Told(BaseHTTPRequestHandler):
    """Answers every call, and keeps from which port it came."""

    protocol_version = "HTTP/1.1"
    ports: ClassVar[list[int]] = []

    def do_POST(self) -> None:
        self.ports.append(self.client_address[1])
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_what_is_asked_only_once_has_a_connection_of_its_own() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Told) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        clients = AwsClients(Settings(aws_endpoint_url=f"http://127.0.0.1:{server.server_port}"))
        for repeats in (True, False):
            client = clients.client("cognito-idp", repeats=repeats)
            for _ in range(2):
                client.confirm_sign_up(ClientId="id", Username="ann@example.com", ConfirmationCode="123456")
            client.close()
        server.shutdown()
    kept, again, own, other = Told.ports

    assert kept == again
    assert len({again, own, other}) == 3
