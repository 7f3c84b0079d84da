"""Voices, their audio and a speaker, in dictionaries."""

from collections import defaultdict
from collections.abc import Callable

from shared.domains.voice.models import Asker, Manner, Spoken, Voice, VoiceState, Word
from shared.domains.voice.ports import Hearing
from shared.kernel.ports import Clock
from shared.kernel.times import epoch_seconds, milliseconds

MS_PER_CHARACTER = 60


class MemoryVoices:
    """The port VoiceStore for one thread."""

    def __init__(self, clock: Clock) -> None:
        """Begin with none."""
        self._clock = clock
        self.voices: dict[str, Voice] = {}
        self.waiting: defaultdict[str, dict[str, Asker]] = defaultdict(dict)
        self.leases: dict[str, tuple[str, float]] = {}
        self.failures: dict[str, int] = {}

    def get(self, voice: str) -> Voice | None:
        """Return a record."""
        return self.voices.get(voice)

    def begin(self, voice: str, holder: str, *, seen: int, lease_seconds: float) -> int | None:
        """Take a voice to make it, where it is free."""
        found, now = self.voices.get(voice), epoch_seconds(self._clock.now())
        if found is not None:
            owner, until = self.leases.get(voice, ("", 0.0))
            is_gone = found.state is VoiceState.READY and found.fence == seen
            is_ended = found.state is VoiceState.MAKING and (until < now or owner == holder)
            if not is_gone and not is_ended:
                return None
        fence = found.fence + 1 if found else 1
        until = milliseconds(self._clock.now()) + int(lease_seconds * 1000)
        self.voices[voice] = Voice(id=voice, state=VoiceState.MAKING, fence=fence, holder=holder, lease_until=until)
        self.leases[voice] = (holder, now + lease_seconds)
        return fence

    def finish(self, voice: Voice) -> bool:
        """Store a made voice, where its fence still holds."""
        if not self._is_held(voice.id, voice.fence):
            return False
        self.voices[voice.id] = voice
        self.failures.pop(voice.id, None)
        return True

    def give_up(self, voice: str, fence: int) -> int:
        """Free a voice that could not be made."""
        if not self._is_held(voice, fence):
            return 0
        self.leases[voice] = ("", 0.0)
        self.voices[voice] = self.voices[voice].model_copy(update={"lease_until": 0})
        self.failures[voice] = self.failures.get(voice, 0) + 1
        return self.failures[voice]

    def ask(self, voice: str, asker: Asker) -> None:
        """Note that a job waits."""
        self.waiting[voice][asker.job_id] = asker

    def askers(self, voice: str) -> list[Asker]:
        """Return the jobs that wait."""
        return list(self.waiting[voice].values())

    def forget(self, voice: str, askers: list[Asker]) -> None:
        """Remove jobs that were told."""
        for asker in askers:
            self.waiting[voice].pop(asker.job_id, None)

    def _is_held(self, voice: str, fence: int) -> bool:
        found = self.voices.get(voice)
        return found is not None and found.state is VoiceState.MAKING and found.fence == fence


class MemoryAudio:
    """The port AudioStore; signed addresses count, so that a new one shows."""

    def __init__(self) -> None:
        """Begin empty."""
        self.objects: dict[str, tuple[bytes, str]] = {}
        self._signed = 0

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store an object."""
        self.objects[key] = (content, content_type)

    def get(self, key: str) -> bytes | None:
        """Return an object."""
        return self.objects[key][0] if key in self.objects else None

    def has(self, key: str) -> bool:
        """Tell whether it is there."""
        return key in self.objects

    def signed_url(self, key: str) -> str:
        """Return an address."""
        self._signed += 1
        return f"https://bucket.example/{key}?signature={self._signed}"


class MemorySpeaker:
    """The port Speaker: says each character in 60 ms, and remembers what it said; `refusals` are raised first."""

    def __init__(self) -> None:
        """Begin silent."""
        self.said: list[tuple[str, Manner]] = []
        self.refusals: list[Exception] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def speak(self, text: str, manner: Manner, *, heard: Hearing | None = None) -> Spoken:
        """Return a text as bytes that name it."""
        self.said.append((text, manner))
        self.meanwhile()
        if self.refusals:
            raise self.refusals.pop(0)
        audio = f"<{manner.voice_id}:{text}>".encode()
        if heard:
            heard(audio)
        words, place = [], 0
        for one in text.split():
            start = text.index(one, place)
            place = start + len(one)
            times = {"start_ms": start * MS_PER_CHARACTER, "end_ms": place * MS_PER_CHARACTER}
            words.append(Word(text=one, start=start, end=place, **times))
        return Spoken(audio, len(text) * MS_PER_CHARACTER, words)
