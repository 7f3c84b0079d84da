"""What SpeakTracker needs of AWS, one module a kind of resource: how it must be, what differs, how it is made so."""
