"""Bedrock's stand-in as fixtures: endpoints of their own, with the settings that a test asks for."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from botocore.config import Config

from embedded.running import EmbeddedProcess, embedded_aws, endpoint_url

MODEL = "anthropic.claude-3-5-haiku-20241022-v1:0"


class Endpoint:
    """One running endpoint, with a boto3 client that never tries again."""

    def __init__(self, process: EmbeddedProcess) -> None:
        self.process = process
        self.runtime = cast(Any, boto3).client(
            "bedrock-runtime",
            endpoint_url=endpoint_url(process),
            region_name="ap-northeast-2",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 0}, max_pool_connections=40, read_timeout=60),
        )

    def converse(self, text: str = "Hello.", **more: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.runtime.converse(**asked(text, **more))
        return answer

    def stream(self, text: str = "Hello.", **more: Any) -> Any:
        return self.runtime.converse_stream(**asked(text, **more))["stream"]

    def invocations(self) -> list[dict[str, Any]]:
        """Return the lines of the log of calls, oldest first."""
        file = self.process.directory / "bedrock-invocations.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def asked(text: str = "Hello.", **more: Any) -> dict[str, Any]:
    """Return a request in which the user says one thing."""
    return {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": text}]}]} | more


@pytest.fixture(scope="module")
def endpoint_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Endpoint]]:
    """Starts an endpoint with settings; each is ended with the file."""
    started: list[EmbeddedProcess] = []

    def start(**settings: str) -> Endpoint:
        kept = dict(os.environ)
        os.environ.update({f"PARTNER_{name}": value for name, value in settings.items()})
        try:
            process = embedded_aws(Path(tmp_path_factory.mktemp("bedrock")) / "aws").start()
        finally:
            os.environ.clear()
            os.environ.update(kept)
        started.append(process)
        return Endpoint(process)

    yield start
    for process in started:
        process.stop()


@pytest.fixture(scope="module")
def at_once(endpoint_with: Callable[..., Endpoint]) -> Endpoint:
    """An endpoint whose partner speaks without a pause."""
    return endpoint_with(FIRST_TOKEN_MS="0", TOKENS_PER_SECOND="0")


@pytest.fixture(scope="module")
def paced(endpoint_with: Callable[..., Endpoint]) -> Endpoint:
    """An endpoint whose partner speaks as a model does, only faster."""
    return endpoint_with(FIRST_TOKEN_MS="200", TOKENS_PER_SECOND="100")
