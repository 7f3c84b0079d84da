"""`speaktracker simulate`, `autoscale` and `cost`: how many machines a day needs, and what it costs."""
