"""Scoring: how well a sentence was said, by numbers that `speech.training` wrote."""
