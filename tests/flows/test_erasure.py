"""Two people leave whose every word is a canary: nothing of them is found anywhere, but what others were told."""

import pytest

from cli.security.erasure import erasure
from cli.security.people import Target
from tests.flows.platform import Platform


@pytest.mark.long
@pytest.mark.timeout(900)
def test_nothing_of_an_erased_account_is_found_but_what_others_were_told(platform: Platform) -> None:
    target = Target(platform.base, platform.directory / "log.jsonl", platform.state)
    with target.http:
        someone = target.person()
        cases = list(erasure(target, someone, someone))
    assert len(cases) > 30
    assert [case for case in cases if not case[1]] == []
