"""Feedback: what a tutor tells a student, seen at once and kept."""
