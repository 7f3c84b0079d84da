"""The chat in a terminal, which is the client's example."""
