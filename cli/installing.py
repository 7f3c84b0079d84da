"""Installs a lock into this Python's environment: `python -m cli.installing requirements/local.txt`.

Needs nothing but Python itself. uv installs several times faster than pip; where it cannot be had, or fails, pip does
it. Both take every package by the hashes of the lock, from wherever this machine's pip is configured to look.
"""

import ast
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

LOCK_WITH_UV = Path("requirements/development.txt")
_PIP = (sys.executable, "-m", "pip")
_INSTALL = ("install", "--no-deps", "--require-hashes", "-r")
"""A lock names everything that is needed, so nobody has to work it out again."""
_FETCHING = re.compile(r"Downloading \S+ \((\d+(?:\.\d+)?)([KMG])iB\)")
"""What uv says of each package above a mebibyte that it has to fetch."""
_MEBIBYTES = {"K": 1 / 1024, "M": 1.0, "G": 1024.0}
_SAME_IN_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}


def main(locks: list[str]) -> int:
    """Install each lock in turn; return the first exit status that is not 0."""
    uv = _find_uv()
    return next((status for status in (_install(lock, uv) for lock in locks) if status), 0)


def pinned(lock: str, name: str) -> str:
    """Return the lines of one package in a lock, its hashes with it; empty where it is not there."""
    lines: list[str] = []
    for line in lock.splitlines():
        if line.startswith(f"{name}==") or (lines and line.startswith("    --hash")):
            lines.append(line)
        elif lines:
            break
    return "".join(f"{line}\n" for line in lines)


def uv_environment(pip_settings: dict[str, str]) -> dict[str, str]:
    """Return the variables that make uv look where pip would; what is set for uv itself stays as it is."""
    found = {
        variable: " ".join(pip_settings[name].split())
        for name, variable in _SAME_IN_UV.items()
        if pip_settings.get(name) and not os.environ.get(variable)
    }
    # as pip does: any index may have any package; safe, since the lock's hashes decide
    return {"UV_INDEX_STRATEGY": os.environ.get("UV_INDEX_STRATEGY", "unsafe-best-match"), **found}


def pip_settings(listed: str) -> dict[str, str]:
    """Read the output of `pip config list`; a variable outdoes a setting for installs, and that a general one."""
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listed.splitlines():
        key, separator, value = line.partition("=")
        section, _, name = key.strip().rpartition(".")
        if separator and section in found:
            found[section][name] = str(ast.literal_eval(value))
    return {**found["global"], **found["install"], **found[":env:"]}


def mebibytes_of(lines: Iterable[str]) -> float:
    """Return how much uv has fetched, by what it said."""
    return sum(float(found[1]) * _MEBIBYTES[found[2]] for line in lines if (found := _FETCHING.search(line)))


def as_pip_looks() -> dict[str, str]:
    """Return the environment in which uv looks for packages where this machine's pip does."""
    listed = subprocess.run([*_PIP, "config", "list"], capture_output=True, text=True, check=False).stdout
    return {**os.environ, **uv_environment(pip_settings(listed))}


def _install(lock: str, uv: Path | None) -> int:
    packages = sum(not line.startswith((" ", "#")) for line in Path(lock).read_text(encoding="utf-8").splitlines())
    _tell(f"Installing {packages} packages by {lock}")
    if uv:
        environment = as_pip_looks()
        command = [str(uv), "pip", "install", "--python", sys.executable, *_INSTALL[1:], lock]
        if _told(command, environment) == 0:
            return 0
        _tell("uv could not install them; pip tries, which takes a minute")
    return subprocess.run([*_PIP, *_INSTALL, lock], check=False).returncode


def _told(command: list[str], environment: dict[str, str]) -> int:
    """Run uv, show what it says, say how much it fetched, and return its exit status."""
    began, said = time.monotonic(), []
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as uv:
        for line in uv.stderr or ():
            said.append(line)
            sys.stderr.write(line)
    fetched, seconds = mebibytes_of(said), time.monotonic() - began
    _tell(
        f"Fetched {fetched:.0f} MiB in packages above one, in {seconds:.0f} s"
        if fetched
        else "Nothing large was fetched"
    )
    return uv.returncode


def _find_uv() -> Path | None:
    uv = Path(sys.executable).parent / "uv"
    if not uv.exists():
        _install_uv()
    return uv if uv.exists() else None


def _install_uv() -> None:
    _tell("Fetching uv, which installs the rest")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as lock:
        lock.write(pinned(LOCK_WITH_UV.read_text(encoding="utf-8"), "uv"))
        lock.flush()
        subprocess.run([*_PIP, *_INSTALL, lock.name, "--quiet"], check=False)


def _tell(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
