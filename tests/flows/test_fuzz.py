"""Odd values in every field of every documented call, over the running platform: never an error of ours."""

from collections.abc import Iterator

import pytest

from cli.security import access, texts
from cli.security.people import Person, Target
from tests.flows.platform import Platform


@pytest.fixture(scope="module")
def attacked(platform: Platform) -> Iterator[tuple[Target, Person, Person]]:
    target = Target(platform.base, platform.directory / "log.jsonl", platform.state)
    with target.http:
        yield target, target.person(), target.person("tutor")


def test_no_value_of_any_field_is_an_error_of_ours(attacked: tuple[Target, Person, Person]) -> None:
    cases = list(texts.odd_input(*attacked))
    assert len(cases) > 50
    assert [case for case in cases if not case[1]] == []


def test_texts_that_are_orders_to_a_store_are_kept_as_texts(attacked: tuple[Target, Person, Person]) -> None:
    assert [case for case in texts.expressions(*attacked) if not case[1]] == []


def test_every_connection_takes_its_own_frames_only(attacked: tuple[Target, Person, Person]) -> None:
    assert [case for case in access.frames(*attacked) if not case[1]] == []
