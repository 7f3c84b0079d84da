"""What frames do, one file a domain."""
