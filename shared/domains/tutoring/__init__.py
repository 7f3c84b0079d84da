"""Tutoring: who asks whom, who teaches whom, and what a student is doing just now."""
