"""Rules of voices, one file a use case."""
