"""Our own connections to Redis: by any URL, in bulk, and never a command twice after its answer."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from embedded.running import EmbeddedProcess
from shared.adapters.rate_limits import RateLimits
from shared.adapters.redis_events import RedisSubscription
from shared.adapters.redis_grouped import GroupedRedis, connect
from shared.adapters.redis_link import RedisLink, is_linkable, pack
from shared.kernel.errors import Unavailable
from shared.kernel.settings import read_settings
from shared.wiring import build_gateway
from tests.shared.adapters.concurrency import until
from tests.shared.adapters.tunnel import HOST, Listening, certificate, tls_tunnel


@pytest.fixture
def guarded_url(adapter_own_valkey: EmbeddedProcess) -> str:
    with redis.Redis(port=adapter_own_valkey.port) as client:
        client.config_set("requirepass", "secret word")
    return f"redis://:secret%20word@{HOST}:{adapter_own_valkey.port}/3"


@pytest.fixture
def tls_url(adapter_own_valkey: EmbeddedProcess, tmp_path: Path) -> Iterator[str]:
    path = certificate(tmp_path)
    tunnel = tls_tunnel(path, adapter_own_valkey.port)
    yield f"rediss://{HOST}:{tunnel.port}/0?ssl_ca_certs={path}"
    tunnel.close()


@pytest.mark.parametrize("kind", ["guarded_url", "tls_url"])
def test_commands_and_events_go_over_whatever_the_url_names(kind: str, request: pytest.FixtureRequest) -> None:
    client = connect(request.getfixturevalue(kind))
    heard: list[tuple[str, bytes]] = []
    grouped = GroupedRedis(client)
    subscription = RedisSubscription(
        client, lambda topic, parcel: heard.append((topic, parcel)), lambda: None, ping_seconds=0.2
    )
    subscription.start()
    subscription.subscribe(["a"])
    large = b"x" * 1_000_000

    assert grouped.calls([("SET", "k", large), ("GET", "k")])[1] == large
    assert grouped.call("PUBLISH", "a", large) == 1
    until(lambda: heard)
    subscription.stop()
    client.connection_pool.disconnect()

    assert heard == [("a", large)]


def test_a_certificate_of_ones_own_is_taken_where_the_settings_say_so(
    adapter_own_valkey: EmbeddedProcess, tmp_path: Path
) -> None:
    tunnel = tls_tunnel(certificate(tmp_path), adapter_own_valkey.port)
    given: dict[str, Any] = {
        "redis_url": f"rediss://:@{HOST}:{tunnel.port}/0",
        "aws_endpoint_url": "http://127.0.0.1:1",
    }
    careful, trusting = (read_settings(**given, redis_certificate=one) for one in ("required", "none"))

    client = connect(trusting.redis_url)
    assert GroupedRedis(client).call("SET", "k", "v")
    client.connection_pool.disconnect()
    limits = RateLimits(trusting.redis_url)
    limits.check("test", "me", allowed=1, seconds=60)
    with redis.Redis(port=adapter_own_valkey.port) as plain:
        assert plain.dbsize() == 2, "the limit was counted there, and not in this process alone"
    [problem] = [one for one in build_gateway(careful).problems if one.startswith("redis")]
    assert "REDIS_CERTIFICATE=none" in problem
    tunnel.close()


def test_a_database_of_the_url_is_used(guarded_url: str) -> None:
    client = connect(guarded_url)
    GroupedRedis(client).call("SET", "k", "v")

    assert set(client.info("keyspace")) == {"db3"}
    client.connection_pool.disconnect()


def test_many_replies_come_with_few_reads(adapter_valkey: redis.Redis) -> None:
    link = RedisLink(adapter_valkey.connection_pool)
    link.write(b"".join(pack(("ECHO", str(number))) for number in range(2_000)))
    replies: list[bytes] = []
    reads = 0
    while len(replies) < 2_000:
        replies += link.read()
        reads += 1
    link.close()
    link.close()

    assert replies == [b"%d" % number for number in range(2_000)]
    assert reads < 200


def test_only_clients_that_reach_a_server_are_linked(
    adapter_valkey: redis.Redis, adapter_fakeredis: redis.Redis, adapter_shared_valkey: EmbeddedProcess
) -> None:
    newer = connect(f"redis://{HOST}:{adapter_shared_valkey.port}/0", protocol=3)

    assert [is_linkable(one) for one in (adapter_valkey, adapter_fakeredis, newer)] == [True, False, False]


@pytest.fixture
def scripted() -> Iterator[Callable[[list[list[bytes]]], tuple[GroupedRedis, list[bytes]]]]:
    """Makes a server whose every connection gives its answers and then hangs up, and keeps what it was asked."""
    servers: list[Listening] = []
    clients: list[redis.Redis] = []

    def make(connections: list[list[bytes]]) -> tuple[GroupedRedis, list[bytes]]:
        asked: list[bytes] = []

        def serve(connection: socket.socket) -> None:
            with connection:
                for answer in connections.pop(0):
                    asked.append(connection.recv(65536))
                    connection.sendall(answer)
                asked.append(connection.recv(65536))

        servers.append(Listening(serve))
        clients.append(connect(f"redis://{HOST}:{servers[0].port}/0", driver_info=None))
        return GroupedRedis(clients[0]), asked

    yield make
    for client in clients:
        client.connection_pool.disconnect()
    for server in servers:
        server.close()


Scripted = Callable[[list[list[bytes]]], tuple[GroupedRedis, list[bytes]]]


def test_a_group_on_a_connection_that_turns_out_dead_is_sent_again(scripted: Scripted) -> None:
    grouped, asked = scripted([[b":1\r\n"], [b":2\r\n"]])

    assert [grouped.call("INCR", "n"), grouped.call("INCR", "n")] == [1, 2]
    assert asked == [pack(("INCR", "n"))] * 3


def test_what_was_answered_in_part_is_never_sent_again(scripted: Scripted) -> None:
    grouped, asked = scripted([[b":1\r\n", b":2\r\n"], [b":9\r\n"]])
    assert grouped.call("INCR", "n") == 1

    with pytest.raises(Unavailable):
        grouped.calls([("INCR", "n"), ("INCR", "n")])

    assert asked[:2] == [pack(("INCR", "n")), pack(("INCR", "n")) * 2]
    assert grouped.call("INCR", "n") == 9
