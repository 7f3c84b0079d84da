"""What is found by walking a package instead of being listed a second time."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def modules_of(package: ModuleType) -> list[ModuleType]:
    """Import the modules of a package, those of its packages not among them, and return them by name.

    Raises:
        ImportError: one of them cannot be imported; nothing is passed over.
    """
    found = sorted(one.name for one in iter_modules(package.__path__) if not one.ispkg)
    return [import_module(f"{package.__name__}.{name}") for name in found]
