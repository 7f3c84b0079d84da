"""The rules of practice."""
