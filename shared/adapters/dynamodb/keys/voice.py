"""Keys of voice."""

from shared.adapters.dynamodb.key_parts import part


def voice(digest: str) -> str:
    """Return the partition of a voice and of the jobs that wait for it."""
    return f"VOICE#{part(digest)}"


def asker(job_id: str) -> str:
    """Return the sort key of a job that waits for a voice."""
    return f"ASKER#{part(job_id)}"
