"""One server a transport for the whole suite, and the table of what plain sockets do otherwise."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.web.realtime.sockets.differences import PLAIN_DIFFERS
from tests.web.realtime.sockets.server import Server

_numbers = count(1)


@pytest.fixture(scope="session", params=["lean", "plain"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    kind = request.param
    with Server(kind, tmp_path_factory.mktemp(kind) / "gunicorn.log") as running:
        yield running
    assert running.unexpected_errors() == []


@pytest.fixture
def name() -> str:
    """A name that no other test's receiver has."""
    return f"receiver{next(_numbers)}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect plain sockets to fail where the table says so, and be told when they no longer do."""
    for item in items:
        reason = PLAIN_DIFFERS.get(item.name)
        if reason is not None:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
