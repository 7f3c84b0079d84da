"""A Celery and kombu transport for Amazon SQS that keeps leases, works in batches, and survives poison and outages."""
