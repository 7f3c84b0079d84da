"""The rules of what operators see."""
