"""Keys of jobs."""

from shared.adapters.dynamodb.key_parts import part


def job(job_id: str) -> str:
    """Return the partition of a record of work that a client may ask about."""
    return f"JOB#{part(job_id)}"


def unfinished_jobs(shard: int) -> str:
    """Return an index partition of the jobs that have not ended, by the last that was heard of them."""
    return f"JOBS#UNFINISHED#{shard}"


def jobs_of(user_id: str) -> str:
    """Return the index partition of a user's work."""
    return f"USER#{part(user_id)}#JOBS"
