"""Keys of ledger."""


def once(key: str) -> str:
    """Return the partition of an entry of the idempotency ledger."""
    return f"ONCE#{key}"


def job_run(job_id: str) -> str:
    """Return the partition of a job's runs: an entry of the ledger too."""
    return once(f"job#{job_id}")
