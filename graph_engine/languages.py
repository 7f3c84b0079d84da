"""What language a short text is in; loads nothing, since a search asks too."""

import re

HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_KOREAN_SHARE = 0.3
"""A text with more Hangul than this is Korean."""


def language_of(text: str) -> str:
    """Return the language of most of a short text, `en` or `ko`."""
    share = len(HANGUL.findall(text)) / max(1, len(text.replace(" ", "")))
    return "ko" if share > _KOREAN_SHARE else "en"
