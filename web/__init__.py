"""The gateway: parses, authenticates, answers, pushes."""
