"""When something should be tried again: FSRS 6 with its published weights, in the student's own days.

There are no steps within a day: a card that was just said wrongly is due on the next day. The interval in days is the
one after which the chance to say it rightly has fallen to 90 %.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fsrs import Card as FsrsCard
from fsrs import Rating, Scheduler, State

from shared.domains.notebook.models import Card
from shared.kernel.times import instant, timestamp

HARD_FROM, GOOD_FROM, EASY_FROM = 60.0, 75.0, 90.0
"""Scores from which a try counts as hard, good and easy; below, the sentence was not known."""
LONGEST_DAYS = 365
_SCHEDULER = Scheduler(
    desired_retention=0.9, learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_DAYS, enable_fuzzing=False
)


def rating_of(score: float | None) -> Rating:
    """Return how well something was known by its score (0 to 100); without a score it was a mistake."""
    if score is None or score < HARD_FROM:
        return Rating.Again
    if score < GOOD_FROM:
        return Rating.Hard
    return Rating.Good if score < EASY_FROM else Rating.Easy


def reviewed(card: Card | None, score: float | None, at: datetime, time_zone: str) -> tuple[Card, str]:
    """Return the card after one more try, and from when on it is due: the start of a day of the student's (UTC text).

    A try that is older than the last one, as clocks may have it, counts as made at the same time as the last.
    """
    before = _fsrs(card)
    when = max(at.astimezone(UTC), before.last_review or at.astimezone(UTC))
    after, _ = _SCHEDULER.review_card(before, rating_of(score), review_datetime=when)
    if after.stability is None or after.difficulty is None:
        raise AssertionError("a card that was reviewed has a stability and a difficulty")
    kept = Card(stability=round(after.stability, 4), difficulty=round(after.difficulty, 4), reviewed_at=timestamp(when))
    return kept, _start_of_day(when, max(1, (after.due - when).days), time_zone)


def _fsrs(card: Card | None) -> FsrsCard:
    if card is None:
        return FsrsCard(card_id=1, state=State.Learning, step=0)
    last = instant(card.reviewed_at)
    return FsrsCard(
        card_id=1,
        state=State.Review,
        step=None,
        stability=card.stability,
        difficulty=card.difficulty,
        due=last,
        last_review=last,
    )


def _start_of_day(now: datetime, days: int, time_zone: str) -> str:
    zone = ZoneInfo(time_zone)
    date = now.astimezone(zone).date() + timedelta(days=days)
    return timestamp(datetime.combine(date, time(), zone).astimezone(UTC))
