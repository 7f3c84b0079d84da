"""Jobs: what a client may ask about anything that is done behind an answer."""
