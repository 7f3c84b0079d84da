"""One server for the whole suite."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.web.realtime.sockets.server import Server

_numbers = count(1)


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("sockets") / "gunicorn.log") as running:
        yield running
    assert running.unexpected_errors() == []


@pytest.fixture
def name() -> str:
    """A name that no other test's receiver has."""
    return f"receiver{next(_numbers)}"
