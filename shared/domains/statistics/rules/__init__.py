"""The rules of statistics."""
