"""What production has: an environment that holds its lock and our wheel, and nothing else."""
