"""Who may open a WebSocket, and with what."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.flows.cases import check_refusal
from tests.flows.channel import Channel
from tests.flows.people import People, Person
from tests.flows.platform import ORIGIN, Platform

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": KEY}


def refusal(address: str, **options: object) -> int:
    """Return the status with which opening is refused; 101 where it is not."""
    try:
        with Channel(address, **options):
            return 101
    except InvalidStatus as refused:
        said = refused.response
    answer = httpx.Response(said.status_code, headers=list(said.headers.raw_items()), content=bytes(said.body or b""))
    check_refusal(answer, said.status_code)
    return said.status_code


NO_TICKETS = [
    "",
    "?token=",
    "?token=nonsense",
    "?roomToken=",
    "?roomToken=8c5f1d0e-6b1f-4d5a-9a55-3f0f6c1f2b7d",
    f"?roomToken={'x' * 3000}",
    "?token={id}",
    "?token={refresh}",
    "?roomToken={access}",
    "?other={access}",
]


@pytest.mark.parametrize("query", NO_TICKETS, ids=lambda query: query[:30])
def test_without_a_ticket(query: str, ann: Person, platform: Platform) -> None:
    tokens = ann.tokens
    filled = query.format(access=tokens["accessToken"], id=tokens["idToken"], refresh=tokens["refreshToken"])

    assert refusal(platform.socket + filled) == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 426),
        (UPGRADE | {"Sec-WebSocket-Version": "8"}, 426),
        (UPGRADE | {"Sec-WebSocket-Key": "short"}, 400),
        (UPGRADE | {"Sec-WebSocket-Key": ""}, 400),
        (UPGRADE | {"Content-Length": "3"}, 400),
        ({"Connection": "Upgrade", "Upgrade": "h2c"}, 426),
    ],
)
def test_what_is_no_handshake(headers: dict[str, str], status: int, ann: Person) -> None:
    answer = ann.ask("GET", f"/ws?token={ann.tokens['accessToken']}", headers=headers, content=b"abc"[: len(headers)])

    check_refusal(answer, status)
    if status == 426:
        assert answer.headers["Upgrade"].lower() == "websocket"
        assert answer.headers["Sec-WebSocket-Version"] == "13"


def test_origins(ann: Person, platform: Platform) -> None:
    address = f"{platform.socket}?token={ann.tokens['accessToken']}"

    assert refusal(address, origin="https://evil.example.com") == 403
    assert refusal(address, origin=f"{ORIGIN}.evil.example.com") == 403
    assert refusal(address, origin="null") == 403
    for origin in (ORIGIN, platform.base, None):
        assert refusal(address, origin=origin) == 101


def test_a_token_as_subprotocol(ann: Person, platform: Platform) -> None:
    access = ann.tokens["accessToken"]
    with Channel(platform.socket, subprotocols=["bearer", access]) as channel:
        assert channel.subprotocol == "bearer"
        assert "roomId" not in channel.hello
    assert refusal(platform.socket, subprotocols=["bearer", "nonsense"]) == 401
    assert refusal(platform.socket, subprotocols=[access]) == 401
    with ann.channel() as channel:
        assert channel.subprotocol is None


def test_a_room_token_opens_one_connection(ann: Person, room: str, platform: Platform) -> None:
    address = f"{platform.socket}?roomToken={ann.ticket(room)}"
    with Channel(address) as channel:
        assert channel.hello["roomId"] == room
        assert channel.hello["lastSeq"] == 0
        assert channel.hello["epoch"]
        assert refusal(address) == 401
    assert refusal(address) == 401


def test_of_a_hundred_at_once_one_gets_in(ann: Person, room: str, platform: Platform) -> None:
    address = f"{platform.socket}?roomToken={ann.ticket(room)}"
    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(lambda _: refusal(address), range(100)))

    assert sorted(outcomes) == [101] + [401] * 99


def test_a_room_token_lives_300_seconds(ann: Person, room: str, platform: Platform) -> None:
    before = int(time.time())
    joined = ann.post(f"/rooms/{room}/join")
    token = joined["roomToken"]
    item = platform.item(f"TOKEN#{token}", "METADATA")
    assert item is not None
    assert item["status"] == "ISSUED"
    assert item["expiresAt"] == joined["tokenExpiresAt"]
    assert 0 <= joined["tokenExpiresAt"] - before - 300 <= 5

    platform.change(f"TOKEN#{token}", "METADATA", expiresAt=joined["tokenExpiresAt"] - 301)
    assert refusal(f"{platform.socket}?roomToken={token}") == 401


def test_a_room_token_is_worth_nothing_once_its_holder_left(ben: Person, ann: Person, platform: Platform) -> None:
    room = ann.room()
    token = ben.ticket(room)
    ben.post(f"/rooms/{room}/leave")

    assert refusal(f"{platform.socket}?roomToken={token}") == 401


def test_a_room_token_is_worth_nothing_once_its_sign_in_ended(people: People, platform: Platform) -> None:
    cho = people.fresh()
    token = cho.ticket(cho.room())
    cho.post("/api/auth/logout", {"refreshToken": cho.tokens["refreshToken"]})

    assert refusal(f"{platform.socket}?roomToken={token}") == 401
