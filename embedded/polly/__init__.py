"""The laptop's Amazon Polly: the wire in the endpoint's process, the speaking engine in a process of its own."""
