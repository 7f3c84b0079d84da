"""The embedded processes as fixtures: real ones, on free ports, ended with the test."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from botocore.config import Config

from embedded.running import EmbeddedProcess, embedded_aws, endpoint_url

PASSWORD = "Str0ng!password"
# Not the emulator's default, so that nothing rests on the default.
REGION = "ap-northeast-2"


class Cloud:
    """boto3 clients of one endpoint, without retries, so that every failure is seen."""

    def __init__(self, process: EmbeddedProcess) -> None:
        self.process = process
        self.url = endpoint_url(process)
        self._clients: dict[str, Any] = {}
        self._config = Config(retries={"max_attempts": 0}, max_pool_connections=20, read_timeout=60)

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = cast(Any, boto3).client(
                service,
                endpoint_url=self.url,
                region_name=REGION,
                aws_access_key_id="test",
                aws_secret_access_key="test",
                config=self._config.merge(Config(signature_version="s3v4")) if service == "s3" else self._config,
            )
        return self._clients[service]

    def create_bucket(self, name: str) -> str:
        self.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        return name

    def crash(self) -> None:
        """Kill the process with no chance to save anything, and start it again."""
        self.process.kill()
        self.process.start()

    def codes(self, email: str) -> list[str]:
        """Return the verification codes that went out to an address, oldest first."""
        log = self.process.directory / "log.jsonl"
        lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        return [line["code"] for line in lines if line["event"] == "verification_code" and line["email"] == email]


class People:
    """A user pool with one client, as the product has it."""

    password = PASSWORD

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.cognito = cloud.client("cognito-idp")
        pool = self.cognito.create_user_pool(
            PoolName="people",
            UsernameAttributes=["email"],
            AutoVerifiedAttributes=["email"],
            Schema=[{"Name": "role", "AttributeDataType": "String", "Mutable": True}],
        )
        self.pool: str = pool["UserPool"]["Id"]
        client = self.cognito.create_user_pool_client(
            UserPoolId=self.pool,
            ClientName="web",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            PreventUserExistenceErrors="ENABLED",
        )
        self.client: str = client["UserPoolClient"]["ClientId"]

    def sign_up(self, email: str, role: str = "STUDENT") -> str:
        attributes = {"email": email, "name": "김민지", "locale": "ko", "custom:role": role}
        answer = self.cognito.sign_up(
            ClientId=self.client,
            Username=email,
            Password=PASSWORD,
            UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
        )
        return str(answer["UserSub"])

    def confirm(self, email: str, code: str) -> None:
        self.cognito.confirm_sign_up(ClientId=self.client, Username=email, ConfirmationCode=code)

    def register(self, email: str) -> str:
        subject = self.sign_up(email)
        self.confirm(email, self.cloud.codes(email)[-1])
        return subject

    def sign_in(self, email: str, password: str = PASSWORD) -> dict[str, Any]:
        return self._auth("USER_PASSWORD_AUTH", USERNAME=email, PASSWORD=password)

    def refresh(self, token: str) -> dict[str, Any]:
        return self._auth("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=token)

    def _auth(self, flow: str, **parameters: str) -> dict[str, Any]:
        answer = self.cognito.initiate_auth(ClientId=self.client, AuthFlow=flow, AuthParameters=parameters)
        result: dict[str, Any] = answer["AuthenticationResult"]
        return result


@pytest.fixture(scope="module")
def embedded_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An endpoint that the tests of one file share; what they create must not collide."""
    process = embedded_aws(tmp_path_factory.mktemp("embedded") / "aws").start()
    yield Cloud(process)
    process.stop()


@pytest.fixture
def embedded_crashing_cloud(tmp_path: Path) -> Iterator[Cloud]:
    """An endpoint of its own, for tests that kill it."""
    process = embedded_aws(tmp_path / "aws").start()
    yield Cloud(process)
    process.kill()


@pytest.fixture(scope="module")
def embedded_people(embedded_cloud: Cloud) -> People:
    """A user pool on the shared endpoint."""
    return People(embedded_cloud)


@pytest.fixture(scope="module")
def embedded_pool_of() -> Callable[[Cloud], People]:
    """Creates a user pool on any endpoint."""
    return People


@pytest.fixture
def embedded_queue(embedded_cloud: Cloud, request: pytest.FixtureRequest) -> str:
    """The URL of an empty queue named after the test."""
    name = re.sub(r"\W", "-", request.node.name)[:80]
    return str(embedded_cloud.client("sqs").create_queue(QueueName=name)["QueueUrl"])
