"""`speaktracker trace`: the story of one request, from the logs of all processes."""
