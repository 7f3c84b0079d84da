"""Drills: each does one kind of harm to a platform of its own under load, and counts what was lost or doubled."""
