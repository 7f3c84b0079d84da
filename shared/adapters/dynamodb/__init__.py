"""Repositories over the one DynamoDB table."""
