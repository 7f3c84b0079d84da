"""The voices, as Polly describes them, and how the engine makes each."""

from typing import Any, NamedTuple


class Voice(NamedTuple):
    """One of Polly's voices; the engine has one speaker and can lower her voice to a man's."""

    id: str
    gender: str
    is_low: bool

    def described(self) -> dict[str, Any]:
        """Return it as DescribeVoices does."""
        return {
            "Id": self.id,
            "Name": self.id,
            "Gender": self.gender,
            "LanguageCode": LANGUAGE,
            "LanguageName": "US English",
            "SupportedEngines": list(ENGINES),
        }


LANGUAGE = "en-US"
ENGINES = ("neural", "standard")
VOICES = {voice.id: voice for voice in (Voice("Matthew", "Male", True), Voice("Joanna", "Female", False))}
