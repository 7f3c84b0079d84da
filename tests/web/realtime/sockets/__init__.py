"""One server for the whole suite."""
