"""Answers: how a worker hears, thinks, speaks and stores a turn, once."""
