"""Real servers for the adapters: one Valkey and one AWS endpoint a session, a fresh database and table a test."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import fakeredis
import pytest
import redis

from embedded.running import EmbeddedProcess, embedded_aws, embedded_redis, endpoint_url
from shared.adapters.aws.clients import AwsClients
from shared.adapters.dynamodb.definition import table_definition
from shared.adapters.dynamodb.table import Table
from shared.adapters.redis_grouped import GroupedRedis, connect
from shared.kernel.settings import read_settings


def redis_url(process: EmbeddedProcess) -> str:
    return f"redis://127.0.0.1:{process.port}/0"


@pytest.fixture(scope="session")
def adapter_shared_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedProcess]:
    process = embedded_redis(tmp_path_factory.mktemp("valkey") / "redis").start()
    yield process
    process.kill()


@pytest.fixture
def adapter_valkey(adapter_shared_valkey: EmbeddedProcess) -> Iterator[redis.Redis]:
    """A client of a real server that holds nothing."""
    with connect(redis_url(adapter_shared_valkey)) as client:
        client.flushall()
        yield client
        client.connection_pool.disconnect()


@pytest.fixture
def adapter_own_valkey(tmp_path: Path) -> Iterator[EmbeddedProcess]:
    """A real server for a test that kills, stops or restarts it."""
    process = embedded_redis(tmp_path / "redis").start()
    yield process
    process.kill()


@pytest.fixture
def adapter_connect() -> Iterator[Callable[[EmbeddedProcess], redis.Redis]]:
    """Makes clients of a server, which are closed in the end."""
    clients: list[redis.Redis] = []

    def new(process: EmbeddedProcess) -> redis.Redis:
        clients.append(connect(redis_url(process)))
        return clients[-1]

    yield new
    for client in clients:
        client.connection_pool.disconnect()
        client.close()


@pytest.fixture
def adapter_fakeredis() -> redis.Redis:
    """A client of a server in this process that holds nothing."""
    return fakeredis.FakeRedis(server=fakeredis.FakeServer(server_type="valkey"))


@pytest.fixture(params=["fakeredis", "valkey"])
def adapter_redis(request: pytest.FixtureRequest) -> redis.Redis:
    """A client of every kind of server that the adapters must work on."""
    client: redis.Redis = request.getfixturevalue(f"adapter_{request.param}")
    return client


@pytest.fixture
def adapter_grouped(adapter_redis: redis.Redis) -> GroupedRedis:
    return GroupedRedis(adapter_redis)


@pytest.fixture(scope="session")
def adapter_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AwsClients]:
    process = embedded_aws(tmp_path_factory.mktemp("aws") / "aws").start()
    clients = AwsClients(read_settings(aws_endpoint_url=endpoint_url(process)))
    yield clients
    clients.dynamodb.close()
    process.kill()


@pytest.fixture
def adapter_table(adapter_aws: AwsClients) -> Table:
    """An empty table of its own, with the production definition and the production client."""
    name = f"table-{uuid.uuid4().hex}"
    adapter_aws.dynamodb.create_table(**table_definition(name))
    return Table(adapter_aws.dynamodb, name)
