"""Keys of ledger."""

from shared.adapters.dynamodb.key_parts import part


def once(key: str) -> str:
    """Return the partition of an entry of the idempotency ledger."""
    return f"ONCE#{part(key)}"


def job_run(job_id: str) -> str:
    """Return the partition of a job's runs: an entry of the ledger too."""
    return f"ONCE#job#{part(job_id)}"
