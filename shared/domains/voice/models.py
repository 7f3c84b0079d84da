"""What is stored of speech, and how it is named by its content."""

import hashlib
import json
import unicodedata
from enum import StrEnum
from typing import NamedTuple

import orjson

from shared.kernel.contract import Contract

TTS = "tts"
"""The kind of the jobs that clients ask about, and the folder of the bucket."""


class VoiceRole(StrEnum):
    """A voice by who speaks."""

    MALE = "male"
    FEMALE = "female"


VOICE_OF = {VoiceRole.MALE: "Matthew", VoiceRole.FEMALE: "Joanna"}


class Manner(NamedTuple):
    """How a text is spoken: Polly's voice and engine, and the speed in percent."""

    voice_id: str
    engine: str = "neural"
    speed: int = 100


class Word(Contract):
    """A word with its place in the text, in characters, and in the audio."""

    text: str
    start: int
    end: int
    start_ms: int
    end_ms: int


class Spoken(NamedTuple):
    """A text as MP3, and where its words are."""

    audio: bytes
    duration_ms: int
    words: list[Word]


class VoiceState(StrEnum):
    """MAKING while somebody holds the lease, or nobody does any more; READY once the audio is in the bucket."""

    MAKING = "MAKING"
    READY = "READY"


class Voice(Contract):
    """A text in one voice: `id` is the hash of what it depends on, `fence` rises with each that begins to make it.

    While it is MAKING, `holder` is the job that makes it, until `lease_until` (epoch milliseconds).
    """

    id: str
    state: VoiceState
    fence: int
    voice_id: str = ""
    characters: int = 0
    duration_ms: int = 0
    made_at: str | None = None
    holder: str | None = None
    lease_until: int = 0

    @property
    def seen(self) -> int:
        """Return the fence of a READY voice: one that was being made may be READY by now, with the same fence."""
        return self.fence if self.state is VoiceState.READY else 0

    def is_being_made(self, now: int) -> bool:
        """Tell whether somebody holds the lease, in epoch milliseconds."""
        return self.state is VoiceState.MAKING and self.lease_until > now


class MessageVoice(Contract):
    """The message that a voice was asked for, and by which role."""

    room_id: str
    message_id: str
    role: VoiceRole


class SentenceOf(Contract):
    """The sentence of an answer that a voice is for: the student's request, and its place from 0."""

    request_id: str
    index: int


class SessionSentence(Contract):
    """The sentence of a learning session that a voice is for, by its place from 0."""

    session_id: str
    index: int


class Asker(Contract):
    """A job that waits for a voice; of a sentence there is no record, and its user is told over the channel."""

    job_id: str
    message: MessageVoice | None = None
    sentence: SentenceOf | None = None
    session_sentence: SessionSentence | None = None
    user_id: str | None = None


def each_once(*askers: Asker) -> list[Asker]:
    """Return the jobs in their order, each once."""
    return list({one.job_id: one for one in askers}.values())


def cleaned(text: str) -> str:
    """Return a text as it is spoken: what looks the same is the same, and nothing is in it that no engine can say."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(one for one in composed if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs")).strip()


def voice_hash(text: str, manner: Manner) -> str:
    """Return the name of a cleaned text in a manner: the same for everybody who asks."""
    content = json.dumps([text, *manner], ensure_ascii=False).encode()
    return hashlib.sha256(content).hexdigest()


def audio_key(voice: str) -> str:
    """Return where the MP3 of a voice lies."""
    return f"{TTS}/{voice}.mp3"


def words_key(voice: str) -> str:
    """Return where the times of its words lie, beside it."""
    return f"{TTS}/{voice}.json"


def part_key(voice: str, index: int) -> str:
    """Return where a part lies that is heard before the whole is there."""
    return f"{TTS}/{voice}/{index}.mp3"


def part_words_key(voice: str, index: int) -> str:
    """Return where the times of a part's words lie: a run that begins again need not speak it again."""
    return f"{TTS}/{voice}/{index}.json"


class Wish(NamedTuple):
    """What somebody wants to hear, in which manner, and where it belongs to a message, which."""

    text: str
    manner: Manner
    user_id: str
    message: MessageVoice | None = None
    session_sentence: SessionSentence | None = None

    @property
    def voice(self) -> str:
        """Return the name of the voice."""
        return voice_hash(cleaned(self.text), self.manner)


def written_words(text: str, spoken: Spoken) -> bytes:
    """Return the times of a voice's words as they lie in the bucket."""
    words = [word.wire() for word in spoken.words]
    return orjson.dumps({"text": text, "durationMs": spoken.duration_ms, "words": words})


def read_spoken(audio: bytes, words: bytes) -> Spoken:
    """Return a voice from what lies in the bucket."""
    written = orjson.loads(words)
    return Spoken(audio, written["durationMs"], [Word.model_validate(word) for word in written["words"]])


def joined(text: str, spoken: list[Spoken]) -> Spoken:
    """Return the parts of a text as one: MP3 is a row of frames, so files of one encoding follow each other."""
    words: list[Word] = []
    duration = place = 0
    for said in spoken:
        for word in said.words:
            at = text.find(word.text, place)
            if at >= 0:
                place = at + len(word.text)
                times = {"start_ms": duration + word.start_ms, "end_ms": duration + word.end_ms}
                words.append(word.model_copy(update={"start": at, "end": place, **times}))
        duration += said.duration_ms
    return Spoken(b"".join(one.audio for one in spoken), duration, words)
