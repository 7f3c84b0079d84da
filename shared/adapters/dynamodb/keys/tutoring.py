"""Keys of tutoring."""

TUTORS = "TUTORS"
LOCK = "LOCK"


def tutor_request(request_id: str) -> str:
    """Return the partition of a request to a tutor."""
    return f"REQUEST#{request_id}"


def pending(tutor_id: str, student_id: str) -> str:
    """Return the partition of the lock that lets a pair have one pending request."""
    return f"PENDING#{tutor_id}#{student_id}"


def requests_to(tutor_id: str, status: str) -> str:
    """Return the index partition of the requests to a tutor that have a status."""
    return f"TUTOR#{tutor_id}#{status}"


def requests_of(student_id: str) -> str:
    """Return the index partition of a student's requests."""
    return f"STUDENT#{student_id}#REQUESTS"


def tutor(tutor_id: str) -> str:
    """Return the partition of a tutor's relations."""
    return f"TUTOR#{tutor_id}"


def student(student_id: str) -> str:
    """Return the sort key of a relation within its tutor's."""
    return f"STUDENT#{student_id}"


def tutors_of(student_id: str) -> str:
    """Return the index partition of a student's relations."""
    return f"STUDENT#{student_id}#TUTORS"
