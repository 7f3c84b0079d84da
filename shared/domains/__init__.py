"""The rules, one folder a domain."""
