"""Idempotency-Key: the first answer again, and nothing done twice."""

from typing import Any

import pytest

from shared.adapters.dynamodb.ledger import Outcome
from shared.kernel.errors import Unavailable

IMAGE = {"contentType": "image/png", "size": 10}
PATH = "/api/me/profile-image"


def post(web: Any, token: str, key: str, **options: Any) -> Any:
    return web.call(
        "POST", options.pop("path", PATH), token, **{"json": IMAGE} | options, headers={"Idempotency-Key": key}
    )


def test_the_same_key_gets_the_first_answer(web: Any, student: str) -> None:
    first, second, other = post(web, student, "1"), post(web, student, "1"), post(web, student, "2")
    assert first.status_code == second.status_code == 200
    assert first.get_json() == second.get_json()
    assert first.get_json()["key"] != other.get_json()["key"]
    assert second.headers["Idempotency-Replayed"] == "true"


def test_two_users_same_key_never_meet(web: Any, student: str) -> None:
    other = web.sign_in("other@example.com")
    assert post(web, student, "1").get_json()["key"] != post(web, other, "1").get_json()["key"]


def test_a_key_counts_for_one_path(web: Any, student: str) -> None:
    post(web, student, "1")
    answer = post(web, student, "1", path="/api/auth/logout", json={"refreshToken": "refresh of session-1"})
    assert "key" not in answer.get_json()


def test_a_refusal_is_kept_too(web: Any, student: str) -> None:
    first = post(web, student, "1", json={"contentType": "text/html", "size": 1})
    again = post(web, student, "1")
    assert (first.status_code, again.status_code) == (415, 415)


def test_what_may_help_later_is_not_kept(web: Any, student: str) -> None:
    def away(*_offer: Any) -> None:
        raise Unavailable("away")

    offer, web.context.uploads.offer = web.context.uploads.offer, away
    assert post(web, student, "1").status_code == 503
    web.context.uploads.offer = offer
    assert post(web, student, "1").status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 256, "two\twords", "ключ".encode().decode("latin-1")])
def test_a_key_has_1_to_255_characters_of_ascii(web: Any, student: str, key: str) -> None:
    assert post(web, student, key).status_code == 400
    assert post(web, student, "x" * 255).status_code == post(web, student, "two words").status_code == 200


def test_calls_without_a_token_and_reading_calls_ignore_the_key(web: Any, student: str) -> None:
    headers = {"Idempotency-Key": "x" * 300}
    assert web.call("POST", "/api/auth/resend", json={"email": "a@example.com"}, headers=headers).status_code == 200
    assert web.call("GET", "/api/me", student, headers=headers).status_code == 200


def test_one_that_is_still_running_is_waited_for_and_then_refused(web: Any, student: str) -> None:
    begin = web.context.ledger.begin
    web.context.ledger.begin = lambda key, *, lease_seconds: (
        begin(key, lease_seconds=lease_seconds) and begin(key, lease_seconds=lease_seconds)
    )
    answer = post(web, student, "1")
    assert (answer.status_code, answer.get_json()["error"], answer.headers["Retry-After"]) == (409, "CONFLICT", "1")


def test_one_that_ends_meanwhile_is_answered(web: Any, student: str) -> None:
    first = post(web, student, "1")
    ledger, (key,) = web.context.ledger, web.context.ledger.entries
    done = ledger.entries[key]
    ledger.entries[key] = done.__class__(Outcome.RUNNING, done.fence)
    ledger.leases[key] = float("inf")
    web.context.clock.meanwhile = lambda: ledger.entries.update({key: done})
    assert post(web, student, "1").get_json() == first.get_json()


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(web: Any, student: str) -> None:
    ledger = web.context.ledger
    begin = ledger.begin

    def begin_and_go(key: str, *, lease_seconds: float) -> Any:
        entry = begin(key, lease_seconds=lease_seconds)
        ledger.is_away = True
        return entry

    ledger.begin = begin_and_go
    assert post(web, student, "1").status_code == 200


def test_without_the_ledger_nothing_with_a_key_is_begun(web: Any, student: str) -> None:
    web.context.ledger.is_away = True
    assert post(web, student, "1").status_code == 503
