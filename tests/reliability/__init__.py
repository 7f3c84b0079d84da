"""One platform for the quick forms, and one event loop that it, its relay and everybody's clients share."""
