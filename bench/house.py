"""Counts the house: `python -m bench.house [--walks] [FOLDER…]` prints a table, a column a checkout, by default this.

With `--walks` each checkout's platform is started too, and the files of four walks counted (`bench.house_walks`).
"""

import ast
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.house_walks import walk_files

PACKAGES = ("web", "workers", "shared", "cli", "embedded", "speaktracker_client")
BROAD = {"Exception", "BaseException"}


def _files(root: Path) -> list[Path]:
    return [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]


def _signatures(tree: ast.Module) -> Iterator[str]:
    """Yield the methods of protocols, with their parameters and what they return."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in node.bases):
            for method in (one for one in node.body if isinstance(one, ast.FunctionDef)):
                returned = ast.unparse(method.returns) if method.returns else ""
                yield f"{method.name}({ast.unparse(method.args)}) -> {returned}"


def _broad(tree: ast.Module) -> int:
    """Count the handlers that catch whatever is raised."""
    caught = [node.type for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.type is not None]
    named = [one.elts if isinstance(one, ast.Tuple) else [one] for one in caught]
    return sum(any(ast.unparse(one) in BROAD for one in some) for some in named)


def counts(root: Path) -> dict[str, int]:
    """Return what there is of each, by its name in the table."""
    files = _files(root)
    texts = [path.read_text("utf-8") for path in files]
    trees = [ast.parse(text) for text in texts]
    lines = [text.count("\n") for text in texts]
    signatures = Counter(one for tree in trees for one in _signatures(tree))
    return {
        "product lines": sum(lines),
        "product files": len(files),
        "lines of a file, median": round(statistics.median(lines)),
        "lines of the longest file": max(lines),
        "files of 290 lines and more": sum(one >= 290 for one in lines),
        "domains": len(list((root / "shared/domains").glob("*/__init__.py"))),
        "protocol signatures that stand twice": sum(number > 1 for number in signatures.values()),
        "broad handlers": sum(map(_broad, trees)),
    }


def main(roots: list[Path], *, walks: bool) -> None:
    """Print the table."""
    columns: list[dict[str, int]] = []
    for root in roots:
        found = walk_files(root) if walks else {}
        columns.append(counts(root) | {name: len(files) for name, files in found.items()})
    print(f"{'':40}" + "".join(f"{root.resolve().name:>16}" for root in roots))
    for name in columns[0]:
        print(f"{name:40}" + "".join(f"{column[name]:16,}" for column in columns))


if __name__ == "__main__":
    given = [one for one in sys.argv[1:] if one != "--walks"]
    main([Path(one) for one in given] or [Path()], walks="--walks" in sys.argv)
