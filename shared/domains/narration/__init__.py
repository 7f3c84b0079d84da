"""Narration: the partner's answers, heard sentence by sentence while they are still being given."""
