"""The system's Chromium: found, installed where that is allowed, or missed with a clear word."""

import os
import shutil
import subprocess

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_SECONDS = 300


def find_chromium() -> str:
    """Return where Chromium is; root installs it by apt where it is missing. CI fails without it, others skip."""
    found = _found() or _installed()
    if found is None and os.environ.get("CI"):
        pytest.fail("The browser tests need Chromium, and it could not be installed: apt-get install chromium")
    if found is None:
        pytest.skip("no Chromium here, and it may not be installed: apt-get install chromium, then run this again")
    return found


def _found() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _installed() -> str | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "timeout": INSTALL_SECONDS, "check": False}
    wanted = ["chromium", "fonts-inter", "fonts-noto-cjk", "fonts-sil-charis"]
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *wanted]):
        subprocess.run(command, **quiet)  # type: ignore[call-overload]
    return _found()
