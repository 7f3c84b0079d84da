"""Keys of tutoring."""

from shared.adapters.dynamodb.key_parts import part

TUTORS = "TUTORS"
LOCK = "LOCK"


def tutor_request(request_id: str) -> str:
    """Return the partition of a request to a tutor."""
    return f"REQUEST#{part(request_id)}"


def pending(tutor_id: str, student_id: str) -> str:
    """Return the partition of the lock that lets a pair have one pending request."""
    return f"PENDING#{part(tutor_id)}#{part(student_id)}"


def requests_to(tutor_id: str, status: str) -> str:
    """Return the index partition of the requests to a tutor that have a status."""
    return f"TUTOR#{part(tutor_id)}#{part(status)}"


def requests_of(student_id: str) -> str:
    """Return the index partition of a student's requests."""
    return f"STUDENT#{part(student_id)}#REQUESTS"


def tutor(tutor_id: str) -> str:
    """Return the partition of a tutor's relations."""
    return f"TUTOR#{part(tutor_id)}"


def student(student_id: str) -> str:
    """Return the sort key of a relation within its tutor's."""
    return f"STUDENT#{part(student_id)}"


def tutors_of(student_id: str) -> str:
    """Return the index partition of a student's relations."""
    return f"STUDENT#{part(student_id)}#TUTORS"
