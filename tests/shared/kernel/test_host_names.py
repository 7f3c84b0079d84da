"""The codec of host names, in a fresh interpreter."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["shared.wiring", "web.gunicorn_configuration"])
def test_what_forks_and_begins_threads_has_looked_the_codec_up_before(module: str) -> None:
    asked = f"import encodings, {module}; print(encodings._cache['idna'] is not None)"
    environment = os.environ | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    run = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)

    assert run.stdout.split()[-1] == "True"
