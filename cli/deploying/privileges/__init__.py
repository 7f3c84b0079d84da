"""What each type of process may ask of AWS, and what its code asks."""
