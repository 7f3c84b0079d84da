"""The voices, as Polly describes them, and the engine's voice behind each."""

from typing import Any, NamedTuple


class Voice(NamedTuple):
    """A voice of Polly's; `engine_voice` is espeak-ng's, variant and all."""

    id: str
    gender: str
    language_code: str
    language_name: str
    engine_voice: str
    words_per_minute: int = 155

    def described(self) -> dict[str, Any]:
        """Return it as DescribeVoices does."""
        return {
            "Id": self.id,
            "Name": self.id,
            "Gender": self.gender,
            "LanguageCode": self.language_code,
            "LanguageName": self.language_name,
            "SupportedEngines": list(ENGINES),
        }


ENGINES = ("neural", "standard")
VOICES = {
    voice.id: voice
    for voice in (
        Voice("Matthew", "Male", "en-US", "US English", "en-us+m3"),
        Voice("Joanna", "Female", "en-US", "US English", "en-us+f3"),
        Voice("Brian", "Male", "en-GB", "British English", "en-gb+m3"),
        Voice("Amy", "Female", "en-GB", "British English", "en-gb+f3"),
    )
}
