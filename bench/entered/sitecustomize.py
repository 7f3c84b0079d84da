"""Notes which files of the product a process enters; `bench.house_walks` has every process of a platform import it.

A call is put before the first statement of every function of the product as its source is compiled, since tracing by
the interpreter misses what greenlets do. A line of the log is a time and a file, once in a tenth of a second.
"""

import ast
import builtins
import importlib.machinery
import os
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import CodeType
from typing import Any

PACKAGES = frozenset({"web", "workers", "shared"})


class Noting(importlib.machinery.SourceFileLoader):
    """Compiles a module with the calls in it, and never from or into the cache of others."""

    def path_stats(self, path: str) -> Mapping[str, Any]:
        """Know no time of the source, so that no cached form is taken or left."""
        raise OSError

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> CodeType:
        """Return the code with a call in every function."""
        tree = ast.parse(data, path)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                call = ast.parse(f"__entered__({os.path.relpath(path, ROOT)!r})").body[0]
                node.body.insert(1 if ast.get_docstring(node) is not None and len(node.body) > 1 else 0, call)
        code: CodeType = compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True, optimize=_optimize)
        return code


class Finder:
    """Has the product's modules loaded by `Noting`."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        """Return the usual spec with our loader, for the product's modules alone."""
        if name.partition(".")[0] not in PACKAGES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = Noting(name, spec.loader.path)
        return spec


def entered(path: str) -> None:
    """Note that a function of a file begins."""
    moment = int(time.time() * 10)
    if _seen.get(path) != moment:
        _seen[path] = moment
        os.write(_log, f"{time.time()} {path}\n".encode())


ROOT = os.environ.get("ENTERED_ROOT", "")
if ROOT:
    _seen: dict[str, int] = {}
    _log = os.open(os.environ["ENTERED_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    builtins.__dict__["__entered__"] = entered
    sys.meta_path.insert(0, Finder())
