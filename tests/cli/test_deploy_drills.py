"""What the drills of deploys rest on: the load balancer, and what is made of what was watched."""

import asyncio

from cli.drills.balancer import Balancer
from cli.drills.deploys import Watch
from cli.drills.record import Outcome


async def target(name: bytes) -> asyncio.Server:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(100):
            writer.write(name)
            await writer.drain()
        writer.close()

    return await asyncio.start_server(answer, "127.0.0.1", 0)


def port_of(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


async def asked(link: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> bytes:
    reader, writer = link
    writer.write(b"?")
    await writer.drain()
    return await asyncio.wait_for(reader.read(100), 30)


def test_connections_are_shared_out_stay_where_they_are_and_pass_over_what_is_gone() -> None:
    async def tried() -> None:
        one, two = await target(b"1"), await target(b"2")
        balancer = Balancer()
        port = int((await balancer.start()).rpartition(":")[2])
        for server in (one, two):
            balancer.put_in(port_of(server))
        links = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        assert sorted([await asked(link) for link in links]) == [b"1", b"2"]

        balancer.take_out(port_of(one))
        assert sorted([await asked(link) for link in links]) == [b"1", b"2"]
        later = await asyncio.open_connection("127.0.0.1", port)
        assert await asked(later) == b"2"

        balancer.put_in(port_of(one))
        one.close()
        last = await asyncio.open_connection("127.0.0.1", port)
        assert await asked(last) == b"2"
        for _, writer in (*links, later, last):
            writer.close()
        await balancer.stop()
        two.close()

    asyncio.run(tried())


def test_nobody_may_be_away_for_too_long() -> None:
    assert Watch(cuts=[0.5] * 200, longest_refusal=1.0).told(Outcome(), "").is_good
    assert not Watch(cuts=[0.5] * 97 + [6.0] * 3).told(Outcome(), "").is_good
    assert not Watch(cuts=[0.5], longest_refusal=6.0).told(Outcome(), "").is_good
    assert not Watch().told(Outcome(), "").is_good, "a drill in which nobody was cut showed nothing"
