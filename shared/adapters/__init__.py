"""The outside world behind the ports; only wiring names an adapter."""
