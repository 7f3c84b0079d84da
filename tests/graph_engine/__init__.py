"""Models and maps that all tests of the graph engine share."""
