"""The laptop's AWS endpoint and Redis server: real services on loopback, durable on disk, never used in production."""
