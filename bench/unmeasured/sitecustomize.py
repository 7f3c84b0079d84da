"""Has a process of `bench.measuring` count nothing: the meters are there, and take what they are told without doing it.

Lines of the log are left out by LOG_LEVEL; spans are collected by nobody unless a collector is named.
"""

import importlib.machinery
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

METERS = "shared.adapters.metrics.meters"


class Silent(importlib.machinery.SourceFileLoader):
    """Loads the meters, and takes their work out of them."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module as it is, then change its class."""
        super().exec_module(module)
        module.Meters.count = module.Meters.observe = _nothing


class Finder:
    """Has the meters loaded by `Silent`."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        """Return the usual spec with our loader, for the meters alone."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target) if name == METERS else None
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = Silent(name, spec.loader.path)
        return spec


def _nothing(*_told: Any, **_labels: str) -> None:
    return None


if os.environ.get("UNMEASURED"):
    sys.meta_path.insert(0, Finder())
