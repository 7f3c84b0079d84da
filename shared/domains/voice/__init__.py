"""Voice: what is written, heard; each text and voice is spoken once."""
