"""The laptop's Amazon Transcribe: the wire in the endpoint's process, the recogniser in a process of its own."""
