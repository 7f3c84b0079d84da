"""Celery's events and remote control over Redis while its tasks ride on SQS, and Flower's own application.

Redis may be away at any moment: no task notices, and everything here comes back by itself.
"""
