"""Rules of dead letters, one file a use case."""
