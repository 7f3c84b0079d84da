"""The Celery workers: one application and thin tasks."""
