"""The laptop's Amazon Bedrock: Converse over the wire, paced like a model, from an engine that is chosen by setting."""
