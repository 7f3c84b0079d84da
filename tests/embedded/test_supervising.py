"""Whose requests supervisord's pages hear."""

import pytest

from embedded.supervising import is_ours


@pytest.mark.parametrize(
    "header",
    [
        [],
        ["Host: 127.0.0.1:9001"],
        ["host: localhost:9001", "Sec-Fetch-Site: none"],
        ["Host: [::1]", "sec-fetch-site: same-origin"],
    ],
)
def test_programs_and_ones_own_pages_are_heard(header: list[str]) -> None:
    assert is_ours(header)


@pytest.mark.parametrize(
    "header",
    [
        ["Host: evil.example:9001"],
        ["Host: 127.0.0.1.evil.example"],
        ["Host: 127.0.0.1:9001", "Sec-Fetch-Site: cross-site"],
        ["Host: 127.0.0.1:9001", "Sec-Fetch-Site: same-site"],
        ["Host: "],
    ],
)
def test_pages_of_other_sites_and_other_names_are_not(header: list[str]) -> None:
    assert not is_ours(header)
