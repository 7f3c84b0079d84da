"""The resources that SpeakTracker needs at AWS, one module a kind: definition, differences, and how it is made."""
