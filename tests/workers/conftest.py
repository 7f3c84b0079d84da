"""One embedded AWS and one Redis for all; the workers that most tests share."""

from collections.abc import Iterator

import pytest

from embedded.running import embedded_aws, embedded_redis, endpoint_url
from tests.workers.crew import CREDENTIALS, Crew


@pytest.fixture(scope="package")
def worker_addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Where the embedded AWS and Redis are."""
    folder = tmp_path_factory.mktemp("embedded")
    aws, redis = embedded_aws(folder / "aws").start(), embedded_redis(folder / "redis").start()
    yield endpoint_url(aws), f"redis://127.0.0.1:{redis.port}/0"
    aws.kill()
    redis.kill()


@pytest.fixture(scope="package")
def shared_crew(worker_addresses: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    crew = Crew(*worker_addresses, tmp_path_factory.mktemp("crew"), "shared")
    yield crew
    crew.end()


@pytest.fixture
def embedded_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the endpoint is content with, for the clients of the transport that this process sends with."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def crew(shared_crew: Crew, embedded_credentials: None) -> Crew:
    """Two workers, which other tests use too: what a test sends has a label of its own."""
    shared_crew.ensure(2)
    return shared_crew


@pytest.fixture
def own_crew(
    worker_addresses: tuple[str, str],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    embedded_credentials: None,
) -> Iterator[Crew]:
    """Queues of its own, and no worker yet."""
    name = f"own{abs(hash(request.node.nodeid)) % 10_000}"
    crew = Crew(*worker_addresses, tmp_path_factory.mktemp("crew"), name)
    yield crew
    crew.end()
