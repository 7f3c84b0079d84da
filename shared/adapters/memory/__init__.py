"""In-memory ports, shipped for testing the rules."""
