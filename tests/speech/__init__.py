"""Models, loaded once a process of tests, and recordings that the voice says."""
