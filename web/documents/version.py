"""The version of what clients rely on, which both documents carry."""

CONTRACT_VERSION = "1.1.0"
"""By semantic versioning: another first number where a client of the version before would break."""
