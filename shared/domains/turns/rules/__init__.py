"""Rules of turns, one file a use case."""
