"""Showing results to their student."""

from shared.domains.practice.contract import DeleteRecordings, ResultItem, WordItem
from shared.domains.practice.errors import ResultNotFound
from shared.domains.practice.models import PronunciationResult, SpokenWord, WordStatus
from shared.domains.practice.ports import Recordings, ResultStore
from shared.domains.practice.rules.advising import feedback_on, hint_of
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page, Position

PAGE = 100


def shown_result(found: PronunciationResult, language: str, recording_url: str | None = None) -> ResultItem:
    """Return a result in a language."""
    scored = found.scored
    return ResultItem(
        result_id=found.result_id,
        session_id=found.session_id,
        original_text=found.original_text,
        transcribed_text=found.transcribed_text,
        overall_score=scored.overall,
        word_accuracy=scored.word_accuracy,
        completeness_score=scored.completeness,
        fluency_score=scored.fluency,
        grade=found.grade,
        feedback=feedback_on(found, language),
        missed_words=[one.word for one in scored.words if one.status is WordStatus.MISSED],
        extra_words=[one.word for one in scored.words if one.status is WordStatus.EXTRA],
        audio_duration_ms=scored.duration_ms,
        words=[_word(one, language) for one in scored.words],
        confidence=scored.confidence,
        created_at=found.created_at,
        recording_url=recording_url,
    )


def list_results(
    user_id: str, language: str, *, position: Position | None, limit: int, results: ResultStore
) -> Page[ResultItem]:
    """Return a student's results, newest first, without their recordings."""
    page = results.list_of(user_id, position=position, limit=limit)
    return Page([shown_result(one, language) for one in page.items], page.position)


def show_result(
    result_id: str,
    user_id: str,
    language: str,
    *,
    results: ResultStore,
    recordings: Recordings,
    with_recording: bool = True,
) -> ResultItem:
    """Return one result, with an address of its recording, good for one hour, where that was kept.

    Raises:
        ResultNotFound: there is none, or it is somebody else's.
    """
    found = results.find(result_id, user_id)
    if found is None:
        raise ResultNotFound
    key = found.recording_key if with_recording else None
    is_there = key is not None and recordings.has(key)
    return shown_result(found, language, recordings.signed_url(key) if key and is_there else None)


def delete_recordings(job: DeleteRecordings, *, results: ResultStore, recordings: Recordings) -> int:
    """Delete the recordings that results still name, and return how many there were; again finds none.

    One that cannot be deleted raises when the others are: another run finds what is left.

    Raises:
        Unavailable: some could not be deleted.
    """
    deleted, missed, position = 0, None, None
    while True:
        page = results.list_of(job.user_id, position=position, limit=PAGE)
        for one in page.items:
            try:
                deleted += _deleted(one, results, recordings)
            except Unavailable as problem:
                missed = problem
        position = page.position
        if position is None:
            break
    if missed is not None:
        raise missed
    return deleted


def _deleted(one: PronunciationResult, results: ResultStore, recordings: Recordings) -> bool:
    if one.recording_key is None:
        return False
    recordings.delete(one.recording_key)
    results.forget_recording(one)
    return True


def _word(one: SpokenWord, language: str) -> WordItem:
    told = one.model_dump(include={"word", "status", "start_ms", "end_ms", "score", "heard"})
    return WordItem(**told, hint=hint_of(one, language))
