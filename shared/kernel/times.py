"""Instants as the product writes them: ISO 8601, UTC, microseconds, ending in Z, so that text order is time order."""

from datetime import UTC, datetime

EPOCH = datetime.fromtimestamp(0, UTC)


def timestamp(instant: datetime) -> str:
    """Return the text of an aware instant."""
    here = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return here.isoformat(timespec="microseconds")[:26] + "Z"


def instant(text: str) -> datetime:
    """Return the aware instant that a timestamp names."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def microseconds(moment: datetime) -> int:
    """Return the whole microseconds since the epoch."""
    difference = moment - EPOCH
    return (difference.days * 86_400 + difference.seconds) * 1_000_000 + difference.microseconds


def epoch_seconds(moment: datetime) -> int:
    """Return the whole seconds since the epoch, as token ends and `ttl` are written."""
    return int(moment.timestamp())


def milliseconds(moment: datetime) -> int:
    """Return the milliseconds since 1970."""
    return microseconds(moment) // 1000
