"""Hearing, speaking and scoring by models that come in wheels; knows nothing of the product and asks no network."""
