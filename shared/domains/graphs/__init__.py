"""Graphs: a map of a person's conversations, drawn by a worker from an export or from their own talk."""
