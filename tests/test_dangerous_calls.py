"""No code of ours runs a text: none is evaluated, unpickled or given to a shell."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("web", "workers", "shared", "cli", "embedded", "speech", "graph_engine", "speaktracker_client")
NAMES = {"eval", "exec", "compile", "__import__"}
ATTRIBUTES = {
    ("pickle", "load"),
    ("pickle", "loads"),
    ("marshal", "loads"),
    ("yaml", "load"),
    ("os", "system"),
    ("os", "popen"),
    ("subprocess", "getoutput"),
    ("subprocess", "getstatusoutput"),
}


def dangerous(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in NAMES:
            yield node.lineno, called.id
        owner = called.value if isinstance(called, ast.Attribute) else None
        if isinstance(called, ast.Attribute) and isinstance(owner, ast.Name) and (owner.id, called.attr) in ATTRIBUTES:
            yield node.lineno, f"{owner.id}.{called.attr}"
        if any(one.arg == "shell" and getattr(one.value, "value", None) is True for one in node.keywords):
            yield node.lineno, "shell=True"


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_that_is_text_is_run(package: str) -> None:
    found = {
        f"{path.relative_to(ROOT)}:{line}": what
        for path in (ROOT / package).rglob("*.py")
        for line, what in dangerous(ast.parse(path.read_text("utf-8")))
    }
    assert found == {}


def test_it_would_be_noticed() -> None:
    tree = ast.parse("eval('1')\nimport subprocess\nsubprocess.run('ls', shell=True)\npickle.loads(b'')")
    assert [what for _, what in dangerous(tree)] == ["eval", "shell=True", "pickle.loads"]
