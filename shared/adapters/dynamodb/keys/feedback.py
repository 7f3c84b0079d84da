"""Keys of feedback."""

from shared.adapters.dynamodb.key_parts import part


def feedback(tutor_id: str, student_id: str) -> str:
    """Return the partition of what a tutor told a student."""
    return f"FEEDBACK#{part(tutor_id)}#{part(student_id)}"


def feedback_by_id(feedback_id: str) -> str:
    """Return the index partition that finds feedback by its id alone."""
    return f"FEEDBACK#{part(feedback_id)}"


def undelivered(student_id: str) -> str:
    """Return the index partition of the feedback that no channel of a student took."""
    return f"USER#{part(student_id)}#UNDELIVERED"
