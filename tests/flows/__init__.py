"""One platform for all flows."""
