"""Exports from strangers, read as a stream and held to bounds before they cost anything."""
