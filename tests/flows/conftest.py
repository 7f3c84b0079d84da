"""One platform for all flows."""

from collections.abc import Iterator

import httpx
import pytest

from tests.flows.channel import Channel
from tests.flows.people import People, Person
from tests.flows.platform import Platform


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform as it ships; only that dead workers' jobs come back, workers stop and even answers come sooner."""
    running = Platform(
        tmp_path_factory.mktemp("platform"), LEASE_SECONDS="5", LONG_POLL_SECONDS="2", EVEN_ANSWER_MS="100"
    )
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="package")
def platform_http(platform: Platform) -> Iterator[httpx.Client]:
    """A client of the platform's HTTP, for many threads."""
    # Idle connections that are kept would hold up a gateway that stops.
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=0)
    with httpx.Client(base_url=platform.base, timeout=30, trust_env=False, limits=limits) as client:
        yield client


@pytest.fixture(scope="package")
def people(platform: Platform, platform_http: httpx.Client) -> People:
    """Who signs up."""
    return People(platform, platform_http)


@pytest.fixture(scope="package")
def ann(people: People) -> Person:
    """A student; never changed nor signed out by a test."""
    return people.some(2)[0]


@pytest.fixture(scope="package")
def ben(people: People) -> Person:
    """Another student; never changed nor signed out by a test."""
    return people.some(2)[1]


@pytest.fixture(scope="package")
def platform_room(ann: Person) -> str:
    """A room of Ann's that no test changes."""
    return ann.room()


@pytest.fixture
def socket(ann: Person, platform_room: str) -> Iterator[Channel]:
    """A connection of Ann's to that room, for frames that change nothing."""
    with ann.enter(platform_room) as channel:
        yield channel


@pytest.fixture
def room(ann: Person) -> str:
    """A room of Ann's."""
    return ann.room()


def pytest_configure(config: pytest.Config) -> None:
    """Know the mark of tests that take longer than a person waits."""
    config.addinivalue_line("markers", "long: takes more than half a minute; run with -m long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long, unless it is asked for."""
    if "long" not in config.getoption("markexpr", ""):
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason="run with -m long"))
