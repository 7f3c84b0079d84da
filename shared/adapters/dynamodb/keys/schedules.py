"""Keys of schedules."""

SCHEDULES = "SCHEDULES"
