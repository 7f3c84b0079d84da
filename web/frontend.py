"""The client's files as they lie in the bucket's `frontend/`: `python -m web.frontend DIRECTORY` writes them there."""

import sys
from pathlib import Path

from flask import Flask

from shared.kernel.settings import read_settings
from shared.wiring import build_gateway
from web.app import create_app
from web.static_files import StaticFiles

PAGES = {"index.html": "/", "manifest.webmanifest": "/manifest.webmanifest", "service-worker.js": "/service-worker.js"}


def write_frontend(app: Flask, directory: Path) -> list[str]:
    """Write every file of the client by its address, and return their names; each release adds what is new of it."""
    client = app.test_client()
    addresses = {address.lstrip("/"): address for address in StaticFiles().addresses()}
    for name, address in {**addresses, **PAGES}.items():
        answer = client.get(address)
        if answer.status_code != 200:
            raise LookupError(f"{address} answers {answer.status_code}")
        place = directory / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(answer.data)
    return sorted({**addresses, **PAGES})


if __name__ == "__main__":
    stand_in = read_settings(aws_endpoint_url="http://127.0.0.1:1")
    write_frontend(create_app(build_gateway(stand_in)), Path(sys.argv[1]))
