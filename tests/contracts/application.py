"""The application as the documents are made from it."""

from functools import cache

from flask import Flask

from shared.kernel.settings import read_settings
from shared.wiring import build_gateway
from web.app import create_app


@cache
def application() -> Flask:
    """Return an application that is asked what it takes and answers, and never called."""
    return create_app(build_gateway(read_settings(aws_endpoint_url="http://127.0.0.1:1")))
