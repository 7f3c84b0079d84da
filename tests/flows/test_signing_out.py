"""Signing out ends a sign-in everywhere, at once, and for good."""

import time

from tests.flows.cases import check_refusal
from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for

SIGNED_OUT = 4401


def sign_out(person: Person) -> None:
    person.post("/api/auth/logout", {"refreshToken": person.tokens["refreshToken"]})


def test_every_socket_of_the_sign_in_closes_and_no_other(people: People, ann: Person) -> None:
    cho = people.fresh()
    elsewhere = cho.again()
    room = cho.room()
    with (
        cho.channel() as own,
        cho.enter(room) as first,
        cho.enter(room) as second,
        elsewhere.channel() as kept,
        elsewhere.enter(room) as kept_in_room,
        ann.enter(room) as anns,
    ):
        began = time.monotonic()
        sign_out(cho)
        assert [channel.closed() for channel in (own, first, second)] == [SIGNED_OUT] * 3
        assert time.monotonic() - began < 2
        for channel in (kept, kept_in_room, anns):
            assert channel.ask("ping")["action"] == "pong"
    assert elsewhere.get("/api/me")["userId"] == cho.user_id


def test_its_tokens_are_refused_from_now_on(people: People, platform: Platform) -> None:
    cho = people.fresh()
    refreshed = cho.http.post("/api/auth/refresh", json={"refreshToken": cho.tokens["refreshToken"]}).json()
    for _ in range(8):  # both gateway processes have let it pass
        cho.get("/api/me")
    sign_out(cho)

    for token in (cho.tokens["accessToken"], refreshed["accessToken"]):
        for _ in range(8):
            check_refusal(cho.http.get("/api/me", headers={"Authorization": f"Bearer {token}"}), 401)
    check_refusal(cho.http.post("/api/auth/refresh", json={"refreshToken": cho.tokens["refreshToken"]}), 401)
    platform.redis.flushall()
    for _ in range(8):
        check_refusal(cho.ask("GET", "/api/me"), 401)
    cho.sign_in()
    assert cho.get("/api/me")["userId"] == cho.user_id


def test_a_refresh_token_that_is_none_still_ends_the_sign_in(people: People) -> None:
    cho = people.fresh()
    answer = cho.ask("POST", "/api/auth/logout", json={"refreshToken": "nonsense"})

    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        check_refusal(cho.ask("GET", "/api/me"), 401)


def test_somebody_elses_refresh_token_does_not_die(people: People) -> None:
    cho, dan = people.fresh(), people.fresh()
    cho.post("/api/auth/logout", {"refreshToken": dan.tokens["refreshToken"]})

    check_refusal(cho.ask("GET", "/api/me"), 401)
    assert dan.get("/api/me")["userId"] == dan.user_id
    refreshed = dan.http.post("/api/auth/refresh", json={"refreshToken": dan.tokens["refreshToken"]})
    assert refreshed.status_code == 200, refreshed.text


def test_the_sixth_channel_closes_the_first(people: People) -> None:
    cho = people.fresh()
    channels = []
    try:
        for _ in range(5):
            channels.append(cho.channel())
            channels[-1].ask("ping")
        channels.append(cho.channel())
        assert channels[0].closed() == 4429
        for channel in channels[1:]:
            assert channel.ask("ping")["action"] == "pong"
        channels.append(cho.channel())
        assert channels[1].closed() == 4429
    finally:
        for channel in channels:
            channel.close()


def test_a_channel_that_closed_makes_room(people: People) -> None:
    cho = people.fresh()
    channels = [cho.channel() for _ in range(5)]
    try:
        for channel in channels:
            channel.ask("ping")
        channels[2].close()
        key = f"user:{{{cho.user_id}}}:channels"
        wait_for(lambda: cho.platform.redis.zcard(key) == 4, "the channel is counted no more")
        channels.append(cho.channel())
        for channel in (channels[0], channels[5]):
            assert channel.ask("ping")["action"] == "pong"
    finally:
        for channel in channels:
            channel.close()
