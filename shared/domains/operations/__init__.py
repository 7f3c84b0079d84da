"""What operators see of the running platform: its queues and its workers."""
