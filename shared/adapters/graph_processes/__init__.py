"""The graph engine in processes of its own: nothing of it is imported here."""
