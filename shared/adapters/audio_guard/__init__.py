"""Recordings from strangers, decoded in a process that may crash, and held to limits there."""
