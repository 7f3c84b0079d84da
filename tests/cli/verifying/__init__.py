"""`speaktracker verify`, check by check."""
