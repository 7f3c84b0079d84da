"""Dead letters as operators see them, and settle them by hand."""
