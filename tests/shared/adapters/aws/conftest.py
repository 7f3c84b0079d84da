"""A model over HTTP, and the partner that asks it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from shared.adapters.aws import bedrock
from shared.adapters.aws.bedrock import BedrockPartner
from shared.adapters.aws.clients import AwsClients
from shared.kernel.settings import read_settings
from tests.shared.adapters.aws.model_endpoint import ModelEndpoint


class CountedSlots:
    """Places without a bound, which tell how many are held and were taken."""

    def __init__(self) -> None:
        self.held = self.taken = 0

    @contextmanager
    def taking(self) -> Iterator[None]:
        self.held += 1
        self.taken += 1
        try:
            yield
        finally:
            self.held -= 1


@pytest.fixture
def model() -> Iterator[ModelEndpoint]:
    """An endpoint of its own; every thread of it has ended after the test."""
    endpoint = ModelEndpoint()
    thread = threading.Thread(target=endpoint.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield endpoint
    endpoint.end()
    thread.join()
    assert not endpoint.outwaited.is_set(), "the partner waited longer than a model that says nothing"


@pytest.fixture
def slots() -> CountedSlots:
    return CountedSlots()


@pytest.fixture
def partner_with(model: ModelEndpoint, slots: CountedSlots) -> Iterator[Callable[..., BedrockPartner]]:
    """Makes partners that ask the endpoint; `read_seconds` is the patience of their client."""
    clients: list[Any] = []

    def make(*, read_seconds: float = bedrock.READ_SECONDS, **options: Any) -> BedrockPartner:
        aws = AwsClients(read_settings(aws_endpoint_url=model.address))
        clients.append(aws.client("bedrock-runtime", read_seconds=read_seconds))
        return BedrockPartner(clients[-1], slots, model_id="test.model-v1:0", **options)

    yield make
    model.released.set()
    for client in clients:
        client.close()


@pytest.fixture
def partner(partner_with: Callable[..., BedrockPartner]) -> BedrockPartner:
    return partner_with()
