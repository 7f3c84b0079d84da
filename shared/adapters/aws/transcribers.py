"""The Transcriber: Amazon Transcribe by its stream, and by batch jobs where the stream does not answer."""

import structlog

from shared.adapters.audio_guard.guard import AudioGuard
from shared.adapters.aws.recordings import S3Recordings
from shared.adapters.aws.transcribe_stream import Segment, TranscribeStream
from shared.kernel.errors import Unavailable
from shared.kernel.ports import Transcriber
from shared.kernel.recordings import Decoded, Heard, Partial
from shared.kernel.slots import Slots

LONGEST_STREAMED_SECONDS = 30.0
"""Above it a batch job hears: a stream is heard about as fast as it was spoken."""
PATIENCE_SECONDS = 40.0
SHORTEST_SECONDS = 0.15
"""Seconds: no word is shorter."""
TRIES = 2
log = structlog.get_logger(__name__)


class StreamingTranscriber:
    """The port Transcriber: at most so many streams at once over all workers, by the slots.

    A stream that breaks off is tried once more from the start, then a batch job hears: what `partial` was told may be
    told again, and shrink.
    """

    def __init__(
        self, stream: TranscribeStream, recordings: S3Recordings, guard: AudioGuard, slots: Slots, batch: Transcriber
    ) -> None:
        """Hear recordings of the bucket."""
        self._stream, self._recordings, self._guard = stream, recordings, guard
        self._slots, self._batch = slots, batch

    def hear(self, key: str, *, partial: Partial | None = None) -> Heard:
        """Return what is said; `partial` is told all that is heard by now, each time that it changes.

        Raises:
            Unavailable: neither stream nor job has an answer in time.
            Invalid: there is no such recording (any more), it cannot be read, or it is too long.
            TranscriberRefused: our permissions or settings are wrong.
        """
        decoded = self._guard.listen(self._recordings.content(key))
        seconds = decoded.sound.seconds
        if seconds < SHORTEST_SECONDS:
            return Heard("", None, seconds)
        if seconds > LONGEST_STREAMED_SECONDS:
            return self._batch.hear(key, partial=partial)
        for attempt in range(TRIES):
            try:
                return self._streamed(decoded, partial)
            except Unavailable as problem:
                log.warning("transcribe.stream_failed", attempt=attempt, problem=repr(problem.__cause__ or problem))
        return self._batch.hear(key, partial=partial)

    def _streamed(self, decoded: Decoded, partial: Partial | None) -> Heard:
        collected = Collected(partial)
        with self._slots.taking():
            for segment in self._stream.hear([decoded.samples], seconds=PATIENCE_SECONDS):
                collected.add(segment)
        return collected.heard(decoded.sound.seconds)


class Collected:
    """The segments of a stream, the last of each counts; `partial` is told the whole text when it changes."""

    def __init__(self, partial: Partial | None = None) -> None:
        """Begin with nothing."""
        self._partial = partial
        self._segments: dict[str, Segment] = {}
        self._told = ""

    @property
    def text(self) -> str:
        """Return all that is heard by now."""
        return " ".join(segment.text for segment in self._segments.values() if segment.text)

    def add(self, segment: Segment) -> None:
        """Take a segment."""
        self._segments[segment.id] = segment
        if self._partial is not None and self.text != self._told:
            self._told = self.text
            self._partial(self.text)

    def heard(self, seconds: float) -> Heard:
        """Return the end of it: the text, and the mean of the words' confidences."""
        sure = [word.confidence for segment in self._segments.values() for word in segment.words]
        return Heard(self.text, sum(sure) / len(sure) if self.text and sure else None, seconds)
