"""Notifications: what a person is told, whether they are there or not."""
