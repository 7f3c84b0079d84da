"""Speaking: text becomes samples, and the time of every word."""
