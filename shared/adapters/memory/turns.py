"""What turns need, in memory: a log, a partner by script, an ear, voices that are listed, a rate, and recordings."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

import orjson

from shared.domains.turns.models import Answer, Going, Live, Said
from shared.kernel.errors import RateLimited, Unavailable
from shared.kernel.partner import Ending, Filled, Finished, Piece, Question, Usage
from shared.kernel.recordings import Heard, Partial
from shared.kernel.topics import turn_topic
from shared.kernel.wire import pack_push

Publish = Callable[[str, bytes], object]
Script = Sequence[Piece | Exception]
FIRST_ESTIMATE_MS = 3_000


class MemoryTurnLog:
    """The port TurnLog; parcels are handed to `publish`, in order; while `is_away` nothing answers."""

    def __init__(self, publish: Publish = lambda topic, parcel: None) -> None:
        """Begin with no turns; `publish` takes a topic and a parcel."""
        self.turns: dict[str, Live] = {}
        self.is_away = False
        self._publish = publish
        self._last_run = 0
        self._lock = Lock()

    def open(self, turn_id: str) -> Live:
        """Begin to log a turn that is not known yet."""
        with self._answering():
            return self.turns.setdefault(turn_id, Live(0, []))

    def read(self, turn_id: str) -> Live | None:
        """Return a turn as it stands."""
        with self._answering():
            return self.turns.get(turn_id)

    def ask_to_stop(self, turn_id: str) -> Live | None:
        """Note that the student wants no more, unless the turn has ended."""
        with self._answering():
            found = self.turns.get(turn_id)
            if found is None or found.answer is not None:
                return found
            return self._keep(turn_id, found._replace(is_stopped=True))

    def begin(self, turn_id: str) -> Live:
        """Begin a run, numbered above all others; a turn that has ended stays so."""
        with self._answering():
            found = self.turns.get(turn_id, Live(0, []))
            if found.answer is not None:
                return found
            self._last_run += 1
            self._tell(turn_id, Said(run=self._last_run))
            return self._keep(turn_id, found._replace(run=self._last_run, deltas=[]))

    def say(self, turn_id: str, run: int, delta: str) -> Going:
        """Log what a run says; a run that was forgotten meanwhile is told to go on, and nothing of it is logged."""
        with self._answering():
            found = self.turns.get(turn_id, Live(0, []))
            if found.answer is not None or found.run > run:
                return Going.OVER
            if found.is_stopped:
                return Going.STOPPED
            if found.run == run:
                self._keep(turn_id, found._replace(deltas=[*found.deltas, delta]))
                self._tell(turn_id, Said(run=run, index=len(found.deltas), delta=delta))
            return Going.ON

    def end(self, turn_id: str, answer: Answer) -> Answer:
        """End a turn, unless it has ended; the first end counts."""
        with self._answering():
            found = self.turns.get(turn_id, Live(0, []))
            if found.answer is not None:
                return found.answer
            self._keep(turn_id, found._replace(answer=answer))
            self._tell(turn_id, Said(run=found.run, answer=answer))
            return answer

    def forget(self, turn_id: str) -> None:
        """Drop a turn."""
        with self._answering():
            self.turns.pop(turn_id, None)

    @contextmanager
    def _answering(self) -> Iterator[None]:
        if self.is_away:
            raise Unavailable("The log is away.")
        with self._lock:
            yield

    def _keep(self, turn_id: str, live: Live) -> Live:
        self.turns[turn_id] = live
        return live

    def _tell(self, turn_id: str, said: Said) -> None:
        self._publish(turn_topic(turn_id), pack_push(orjson.dumps(said.wire()), None))


class MemoryPace:
    """The port Pace: everything that was noted, and the median of it."""

    def __init__(self) -> None:
        """Begin with nothing noted."""
        self.noted: list[int] = []

    def note(self, milliseconds: int) -> None:
        """Note how long a turn took."""
        self.noted.append(milliseconds)

    def estimate(self) -> int:
        """Return the upper median, 3000 at first."""
        return sorted(self.noted)[len(self.noted) // 2] if self.noted else FIRST_ESTIMATE_MS


class MemoryNarrator:
    """The port Narrator: lists what it was given, as (requestId, index, text); while `is_away` it takes nothing."""

    def __init__(self) -> None:
        """Begin silent."""
        self.sentences: list[tuple[str, int, str]] = []
        self.wholes: dict[str, list[str]] = {}
        self.is_away = False

    def say_sentence(self, text: str, *, user_id: str, request_id: str, index: int) -> None:
        """Keep a sentence."""
        self._answer()
        self.sentences.append((request_id, index, text))

    def say_whole(self, sentences: list[str], *, user_id: str, job_id: str) -> None:
        """Keep a whole answer by its job, the first that came."""
        self._answer()
        self.wholes.setdefault(job_id, list(sentences))

    def _answer(self) -> None:
        if self.is_away:
            raise Unavailable("The queue is away.")


class MemoryPartner:
    """The port ConversationPartner, by script: says `pieces`, raises an exception among them, fills `fields`.

    `meanwhile` is called after each piece; `left` counts the streams that were left before their end. A script without
    a Finished gets one that costs 100 tokens in and 20 out.
    """

    def __init__(self, *pieces: Piece | Exception) -> None:
        """Say these in every answer, until told otherwise."""
        self.pieces: Script = pieces or ("Hello! ", "How are ", "you?")
        self.fields: dict[str, object] | Exception = {"isCorrect": True}
        self.usage = Usage(100, 20)
        self.ending = Ending.DONE
        self.meanwhile: Callable[[], None] = lambda: None
        self.filling: Callable[[], None] = lambda: None
        self.asked: list[Question] = []
        self.filled: list[Question] = []
        self.left = 0

    @contextmanager
    def speak(self, question: Question) -> Iterator[Iterator[Piece]]:
        """Return the script's pieces."""
        self.asked.append(question)
        stream = self._stream()
        try:
            yield stream
        finally:
            stream.close()

    def fill(self, question: Question) -> Filled:
        """Return the script's fields; `filling` is called first."""
        self.filled.append(question)
        self.filling()
        if isinstance(self.fields, Exception):
            raise self.fields
        return Filled(self.fields, Usage(30, 10))

    def _stream(self) -> Generator[Piece]:
        try:
            for piece in self.pieces:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
                self.meanwhile()
                if isinstance(piece, Finished):
                    return
            yield Finished(self.ending, self.usage)
        except GeneratorExit:
            self.left += 1
            raise


class MemoryTranscriber:
    """The port Transcriber: hears the same in every recording, or raises `problem`."""

    def __init__(self, text: str = "I goes to school.", confidence: float | None = 0.9, seconds: float = 2.5) -> None:
        """Hear this."""
        self.heard = Heard(text, confidence, seconds)
        self.problem: Exception | None = None
        self.keys: list[str] = []

    def hear(self, key: str, *, partial: Partial | None = None) -> Heard:
        """Return what is said; `partial` is told it word by word."""
        self.keys.append(key)
        if self.problem is not None:
            raise self.problem
        words = self.heard.text.split()
        for count in range(1, len(words) + 1):
            if partial is not None:
                partial(" ".join(words[:count]))
        return self.heard


class MemoryTurnRate:
    """The port TurnRate for one thread, of one minute that never ends."""

    def __init__(self, allowed: int = 10) -> None:
        """Allow so many to each user."""
        self.allowed = allowed
        self.counted: dict[str, int] = {}

    def check(self, user_id: str) -> None:
        """Count one request, or refuse it."""
        if self.counted.get(user_id, 0) >= self.allowed:
            raise RateLimited("Too many requests; try again later.", retry_after=60)
        self.counted[user_id] = self.counted.get(user_id, 0) + 1


class MemoryRecordings:
    """The port Recordings; while `is_away` it takes nothing."""

    def __init__(self) -> None:
        """Begin empty."""
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.is_away = False

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store an object."""
        if self.is_away:
            raise Unavailable("The bucket is away.")
        self.objects[key] = (content, content_type)
