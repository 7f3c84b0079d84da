"""Run by production's Python: imports every module that it may run, and says which cannot be."""

import importlib
import pkgutil
import sys
import traceback
from importlib.util import find_spec

EXTRAS = {"shared.adapters.open_telemetry": "opentelemetry"}
"""Modules that only an extra's packages make importable; nothing imports them without it."""
PACKAGES = ("celeryconfig", "shared", "workers", "cli", "web")


def modules() -> list[str]:
    found = list(PACKAGES)
    for name in PACKAGES[1:]:
        package = importlib.import_module(name)
        found += [module.name for module in pkgutil.walk_packages(package.__path__, f"{name}.")]
    return found


def main() -> int:
    failed = 0
    for name in modules():
        if name in EXTRAS and find_spec(EXTRAS[name]) is None:
            continue
        try:
            importlib.import_module(name)
        except Exception:
            failed += 1
            sys.stderr.write(f"{name}: {traceback.format_exc()}\n")
    sys.stdout.write(f"{importlib.import_module('web').__path__}\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
