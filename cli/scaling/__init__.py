"""`speaktracker simulate` and `autoscale`: how many machines a day needs, what they cost, and what is wanted now."""
