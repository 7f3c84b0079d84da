"""Endings: how a turn with the partner ends, answered or not; for everybody who waits, and once."""
