"""The parts of `shared.wiring`, one file a family of domains, so that each stays readable on one screen."""
