"""The rules of the notebook."""
