"""Tasks of voices."""

from shared.domains.voice.contract import SynthesizeLongSpeech, SynthesizeSpeech
from shared.domains.voice.rules import speaking
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(SynthesizeSpeech)
def synthesize_speech(job: SynthesizeSpeech, context: WorkerContext) -> None:
    """Make a voice and tell the jobs that wait for it."""
    speaking.synthesize_speech(job, studio=context.studio)


@handles(SynthesizeLongSpeech)
def synthesize_long_speech(job: SynthesizeLongSpeech, context: WorkerContext) -> None:
    """Make the voice of a long text and tell the jobs that wait for it."""
    speaking.synthesize_speech(job, studio=context.studio)
