"""What the processes agree on: rules, contracts and ports, and behind the ports the outside world."""
