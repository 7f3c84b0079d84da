"""Real servers, workers and a real Flower, on free loopback ports."""
