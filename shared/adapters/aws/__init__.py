"""Adapters of AWS services through boto3 clients."""
