"""The mistake notebook: what a student should try again, and when."""
