"""What a reader sees anything of."""

import pytest

from shared.kernel.characters import is_visible, named


@pytest.mark.parametrize("text", ["a", "\u200b.", "\uac00", "\U0001f600", "\uffff\U0010ffff", "\ue000", "\u0378"])
def test_letters_and_what_a_screen_shows_a_box_for_are_seen(text: str) -> None:
    assert is_visible(text)


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u200b\u200d", "\u3164", "\u202e", "\0", "\U000e0001\U000e0fff", "\u2065", "\ufff0"]
)
def test_spaces_controls_and_what_is_ignored_are_not(text: str) -> None:
    assert not is_visible(text)


@pytest.mark.parametrize("name", ["a\uffff", "\ue000", "\u200ba", "\u3164"])
def test_a_name_has_nothing_that_is_no_character(name: str) -> None:
    with pytest.raises(ValueError, match="seen"):
        named(name)
