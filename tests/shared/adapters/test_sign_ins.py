"""Sign-ins, in memory and in the table."""

from typing import Any

import pytest

from shared.adapters.dynamodb.sign_ins import DynamoSignIns
from shared.adapters.memory.accounts import MemorySignIns
from shared.adapters.memory.kernel import SetClock
from shared.domains.accounts.models import SignIn


def a_sign_in(number: int, **fields: Any) -> SignIn:
    at = f"2026-01-02T03:04:{number:02d}.000000Z"
    given = {"sign_in_id": f"s{number}", "user_id": "u1", "device": "A phone", "device_digest": "d"}
    return SignIn(**given | {"created_at": at, "last_used_at": at} | fields)


@pytest.fixture(params=["memory", "table"])
def sign_ins(request: pytest.FixtureRequest) -> Any:
    if request.param == "memory":
        return MemorySignIns()
    return DynamoSignIns(request.getfixturevalue("adapter_table"), SetClock())


def ids(sign_ins: Any) -> list[str]:
    return [one.sign_in_id for one in sign_ins.of("u1")]


def test_the_last_used_is_the_first(sign_ins: Any) -> None:
    for number in (1, 2, 3):
        sign_ins.add(a_sign_in(number))
    sign_ins.add(a_sign_in(1, device="another"))
    sign_ins.add(a_sign_in(9, user_id="u2"))
    sign_ins.touch("u1", "s1", "2026-01-02T03:05:00.000000Z")
    assert ids(sign_ins) == ["s1", "s3", "s2"]
    assert sign_ins.of("u1")[0].device == "A phone"


def test_one_ends_once_and_is_used_no_more(sign_ins: Any) -> None:
    sign_ins.add(a_sign_in(1))
    assert sign_ins.end("u1", "s1", "2026-01-02T03:05:00.000000Z")
    assert not sign_ins.end("u1", "s1", "2026-01-02T03:05:00.000000Z")
    assert not sign_ins.end("u2", "s1", "2026-01-02T03:05:00.000000Z")
    sign_ins.touch("u1", "s1", "2026-01-02T03:06:00.000000Z")
    sign_ins.touch("u1", "never", "2026-01-02T03:06:00.000000Z")
    assert ids(sign_ins) == []
