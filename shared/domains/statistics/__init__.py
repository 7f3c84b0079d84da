"""Statistics: what a student did, day by day, counted from events that are recorded once."""
