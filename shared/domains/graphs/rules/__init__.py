"""What may be done with graphs, one file a use case."""
