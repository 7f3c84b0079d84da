"""Packages that a laptop's install has and production's has not, and an install that no longer fits its place."""

import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

INSTALL = "`make install`, or `pip install --require-hashes -r requirements/local.txt`"
A_SCRIPT = "celery"
"""A program that the Procfile starts by its name; installing writes the path of its Python into its first line."""


def laptop_part(package: str) -> Any:
    """Import a package of the laptop's lock, where it is used: no command of production rests on it.

    Raises:
        ClickException: this install has no such package; the message says what to install.
    """
    require_parts([package])
    return import_module(package)


def require_parts(packages: Iterable[str]) -> None:
    """Return if these packages are installed.

    Raises:
        ClickException: some are not; the message names them and says what to install.
    """
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        raise click.ClickException(
            f"This needs {', '.join(missing)}, which only a laptop's install from the repository has: {INSTALL}."
        )


def require_own_place(programs: Path = Path(sys.executable).parent) -> None:
    """Return if the programs of this Python's environment were installed where they are now.

    Raises:
        ClickException: the folder was moved or renamed since; the programs name a Python that is not there.
    """
    script = programs / A_SCRIPT
    first = script.read_bytes().split(b"\n", 1)[0].decode(errors="replace") if script.exists() else ""
    interpreter = first.removeprefix("#!").strip()
    if first.startswith("#!/") and not Path(interpreter).exists():
        raise click.ClickException(
            f"The programs in {programs} are for {interpreter}, which is not there: the folder was moved or renamed. "
            "`make install` installs them anew."
        )
