"""An SQS of one process and no dependency: exact visibility, groups, redrive, delays, latency, faults, a call log."""
