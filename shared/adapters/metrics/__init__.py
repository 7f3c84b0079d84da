"""Metrics by prometheus-client: counted in each process's memory, told together by the first process of a program."""
