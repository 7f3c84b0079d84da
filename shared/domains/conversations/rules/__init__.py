"""Rules of conversations, one file a use case."""
