"""The only place that builds AWS clients: their time-outs, retries, endpoint and credentials."""

import os
import threading
import weakref
from typing import TYPE_CHECKING, Any

import boto3
import botocore
from boto3.session import Session
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import NoCredentialsError, ProfileNotFound

from shared.adapters.aws.clock_offset import ClockOffset
from shared.adapters.aws.measuring import CallMeasure
from shared.adapters.aws.refusals import log_refusals
from shared.adapters.aws.transcribe_stream import presigned
from shared.adapters.metrics.meters import METERS
from shared.kernel.ports import Metrics
from shared.kernel.settings import Misconfigured, Settings

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
ATTEMPTS = 3
RETRIES: dict[str, Any] = {
    "dynamodb": {"mode": "legacy", "total_max_attempts": 7},
    "bedrock-runtime": {"mode": "standard", "total_max_attempts": 1},
}
"""How often what passes is tried, where it is not three times.

DynamoDB throttles for moments at a time. botocore's standard mode gives up retrying altogether once its quota of 500 is
used, which half a minute of throttling does; its older mode has none, and DynamoDB's own pauses (50 ms, doubling).
Asking a model is tried again by its adapter, which counts streams that break off too: two counts would multiply.
"""
STANDARD: Any = {"mode": "standard", "total_max_attempts": ATTEMPTS}
ONCE: Any = {"mode": "standard", "total_max_attempts": 1}
CONNECTIONS = 50
_USER_AGENT = f"speaktracker Boto3/{boto3.__version__} Botocore/{botocore.__version__}"
"""botocore composes its own anew for every request, which is a tenth of what a small call costs."""
CREDENTIAL_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)


class AwsClients:
    """boto3 clients by service name, built at first use and kept for the life of the process.

    Any thread may use any client at any time. A forked child builds its own: two processes that shared
    a pool of connections would read each other's answers. Building one costs about 50 ms of CPU.
    """

    def __init__(self, settings: Settings, metrics: Metrics = METERS) -> None:
        """Keep the settings; nothing is built or called yet."""
        self._settings, self._metrics = settings, metrics
        self.clock_offset = ClockOffset()
        self._forget()
        _ALIVE.add(self)

    def client(self, service: str, *, read_seconds: float = READ_SECONDS, repeats: bool = True) -> Any:
        """Return the client of a service; a caller that polls or waits for a model asks for a longer read time-out.

        What would do something else the second time is asked by a client that repeats nothing.

        Raises:
            Misconfigured: AWS_PROFILE names a profile that is not there.
        """
        key = (service, read_seconds, repeats)
        found = self._clients.get(key)
        if found is not None:
            return found
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._build(*key)
            return self._clients[key]

    def transcribe_address(self) -> str:
        """Return a presigned address for one stream of Transcribe: computed here, nothing is asked but credentials."""
        with self._lock:
            session = self._made_session()
        told = _credentials(self._settings)
        found = Credentials(*told.values()) if told else session.get_credentials()
        if found is None:
            raise NoCredentialsError
        endpoint, region = self._settings.aws_endpoint_url, self._settings.aws_region_name
        return presigned(found.get_frozen_credentials(), region, endpoint)

    @property
    def dynamodb(self) -> "DynamoDBClient":
        """Return the client of the table."""
        client: DynamoDBClient = self.client("dynamodb")
        return client

    @property
    def sqs(self) -> "SQSClient":
        """Return the client of the queues; its read time-out is too short for a long poll."""
        client: SQSClient = self.client("sqs")
        return client

    @property
    def s3(self) -> "S3Client":
        """Return the client of the bucket; the addresses that it signs are the browser's too."""
        client: S3Client = self.client("s3")
        return client

    @property
    def cognito(self) -> "CognitoIdentityProviderClient":
        """Return the client of the user pool."""
        client: CognitoIdentityProviderClient = self.client("cognito-idp")
        return client

    @property
    def sns(self) -> "SNSClient":
        """Return the client of the topics."""
        client: SNSClient = self.client("sns")
        return client

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, float, bool], Any] = {}
        self._session: Session | None = None

    def _made_session(self) -> Session:
        if self._session is None:
            self._session = _session(self._settings.aws_region_name)
        return self._session

    def _build(self, service: str, read_seconds: float, repeats: bool) -> Any:
        client = self._made_session().client(
            service,  # type: ignore[call-overload]  # the stubs know only literal names
            endpoint_url=self._settings.aws_endpoint_url,
            config=_config(self._settings, service, read_seconds, repeats),
            **_credentials(self._settings),
        )
        if not repeats:
            client.meta.events.register("before-send", _last_on_its_connection)
        log_refusals(client)
        self.clock_offset.listen(client)
        CallMeasure(service, self._metrics).watch(client)
        return client


def _last_on_its_connection(request: Any, **_: Any) -> None:
    """Keep no connection open: one that the other side has closed meanwhile would fail what is asked only once."""
    request.headers["Connection"] = "close"


def _session(region: str) -> Session:
    try:
        return Session(region_name=region)
    except ProfileNotFound as problem:
        name = os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE")
        raise Misconfigured(f"AWS_PROFILE: this machine's AWS configuration has no profile named {name}.") from problem


def _config(settings: Settings, service: str, read_seconds: float, repeats: bool) -> Config:
    stand_in = settings.aws_endpoint_url is not None
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=read_seconds,
        retries=RETRIES.get(service, STANDARD) if repeats else ONCE,
        max_pool_connections=CONNECTIONS,
        tcp_keepalive=True,
        user_agent=_USER_AGENT,
    )
    if stand_in:  # a stand-in is near; a company's proxy would look for 127.0.0.1 on itself
        config = config.merge(Config(proxies={}))
    return config.merge(_storage_config(path_style=stand_in)) if service == "s3" else config


def _storage_config(*, path_style: bool) -> Config:
    """Sign with version 4 at the regional address; a stand-in has no host name for each bucket.

    Checksums only where S3 demands them: a presigned PUT that promised one could not be used by a browser.
    """
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if path_style else "virtual"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


def _credentials(settings: Settings) -> dict[str, str]:
    if settings.aws_endpoint_url is None or any(os.environ.get(name) for name in CREDENTIAL_VARIABLES):
        return {}
    return {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


_ALIVE: "weakref.WeakSet[AwsClients]" = weakref.WeakSet()


def _forget_all() -> None:
    for clients in list(_ALIVE):
        clients._forget()


os.register_at_fork(after_in_child=_forget_all)
