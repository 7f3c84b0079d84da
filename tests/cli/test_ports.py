"""Ports: the last run's where they are free, else others, never the same twice."""

import socket
from collections.abc import Iterator

import click
import pytest

from cli.ports import choose_ports, is_free, is_listening, require_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_wished_ports_are_kept_where_they_are_free(taken: int) -> None:
    free = choose_ports(["aws"], {})["aws"]
    chosen = choose_ports(["aws", "redis"], {"aws": free, "redis": taken})
    assert chosen["aws"] == free
    assert chosen["redis"] != taken


def test_one_port_is_never_given_twice() -> None:
    free = choose_ports(["aws"], {})["aws"]
    chosen = choose_ports(["a", "b", "c"], {"a": free, "b": free}, taken=[free])
    assert len({free, *chosen.values()}) == 4


def test_a_taken_port_is_told_with_the_way_out(taken: int) -> None:
    assert is_listening(taken)
    assert not is_free(taken)
    with pytest.raises(click.ClickException, match=f"PORT={taken + 1} make run"):
        require_free(taken, "127.0.0.1")
