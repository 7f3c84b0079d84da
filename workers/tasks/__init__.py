"""Celery tasks, one file a domain."""
