"""Speech: recordings that are read and heard."""
