"""Students and tutors, as the tests of this folder need them."""

from tests.flows.people import Person


def match(student: Person, tutor: Person) -> None:
    """Let one teach the other."""
    request = student.post(f"/api/tutors/{tutor.email}/request", {"message": "Please"})["requestId"]
    tutor.post(f"/api/tutors/requests/{request}/approve")
