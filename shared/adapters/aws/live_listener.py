"""The Listener: what is said is decoded as it comes, and heard by Amazon Transcribe's stream."""

from collections.abc import Iterable

from shared.adapters.audio_guard.live import LiveDecoder
from shared.adapters.aws.transcribe_stream import TranscribeStream
from shared.adapters.aws.transcribers import Collected
from shared.kernel.recordings import Heard, Partial, UnreadableAudio
from shared.kernel.slots import Slots

LONGEST_SECONDS = 85.0
"""Of one stream: a run follows a recording for 70 s, and the last words come after it."""
LEASE_SECONDS = 120.0


class StreamListener:
    """The port Listener: at most so many streams at once over all workers, by the slots."""

    def __init__(self, stream: TranscribeStream, decoder: LiveDecoder, slots: Slots) -> None:
        """Hear by streams; the slots' leases must outlast them."""
        self._stream, self._decoder, self._slots = stream, decoder, slots

    def listen(self, chunks: Iterable[bytes], *, partial: Partial) -> Heard:
        """Return what is said in a recording that comes bit by bit, once it has ended.

        Raises:
            Unavailable: Amazon does not answer, or too many speak at once; the whole may be heard later.
            UnreadableAudio: it is no recording, or none that can be read before it is whole.
            AudioTooLong: it has more than a minute.
            TranscriberRefused: our permissions or settings are wrong.
        """
        collected = Collected(partial)
        with self._slots.taking(), self._decoder.decoding(chunks) as sounds:
            for segment in self._stream.hear(sounds, seconds=LONGEST_SECONDS):
                collected.add(segment)
        if not sounds.seconds:
            raise UnreadableAudio
        return collected.heard(sounds.seconds)
