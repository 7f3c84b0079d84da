"""One embedded AWS and one Redis for all; the workers that most tests share."""
