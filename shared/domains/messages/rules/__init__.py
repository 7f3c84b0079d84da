"""Rules of messages, one file a use case."""
