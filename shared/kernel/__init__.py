"""What every domain may use; no word of the product in it."""
