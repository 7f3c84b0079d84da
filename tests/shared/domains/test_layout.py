"""What each file of a domain may hold, and that a domain has one name in every package."""

import ast
from enum import Enum
from importlib import import_module
from inspect import isclass, isfunction
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest
from celery import Celery

import shared.domains
from shared.catalogue import JOBS, ROOM_COMMANDS, USER_COMMANDS, names_of
from shared.kernel.contract import Contract
from shared.kernel.packages import modules_of
from web.realtime import handlers
from web.realtime.handling import handlers_in
from workers import tasks
from workers.handling import register

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = sorted(path.parent for path in Path(shared.domains.__path__[0]).glob("*/__init__.py"))
NAMES = {folder.name for folder in FOLDERS}
NOTHING = cast(Any, None)
WAITING = {"asyncio", "concurrent", "gevent", "os", "queue", "socket", "subprocess", "threading", "time", "urllib"}
PARTS = {
    "directory": "tutoring",
    "identities": "accounts",
    "learners": "practice",
    "pronunciation": "practice",
    "registrations": "accounts",
    "results": "practice",
    "sign_ins": "accounts",
    "takes": "turns",
}
"""Adapters of a domain that has several, by the name of the file."""
INFRASTRUCTURE = {
    "shared/adapters/dynamodb": {"definition", "expressions", "items", "patience", "reads", "table"}
    | {"key_parts", "ledger", "migrations", "personal_data", "personal_letters", "runs", "schedules"},
    "shared/adapters/dynamodb/keys": {"ledger", "schedules"},
    "shared/adapters/memory": {"bus", "kernel", "ledger", "runs"},
    "shared/wired": {"base", "health", "metrics", "settings", "tracing"},
    "web/api": {"documents", "events", "health", "pages"},
    "web/realtime/handlers": set(),
    "workers/tasks": set(),
}
"""By package, the files that belong to no domain."""


def modules(name: str) -> list[ModuleType]:
    return [import_module(f"shared.domains.{one.name}.{name}") for one in FOLDERS if (one / f"{name}.py").exists()]


def own(module: ModuleType) -> dict[str, Any]:
    """Return what a module defines itself and shows."""
    return {
        name: value
        for name, value in vars(module).items()
        if getattr(value, "__module__", None) == module.__name__ and not name.startswith("_")
    }


@pytest.mark.parametrize("module", modules("contract"), ids=lambda module: module.__name__)
def test_a_contract_is_what_crosses_a_wire_and_nothing_else(module: ModuleType) -> None:
    for name, value in own(module).items():
        assert not isfunction(value), name
        assert not isclass(value) or issubclass(value, Contract | Enum), name


@pytest.mark.parametrize("module", modules("models"), ids=lambda module: module.__name__)
def test_models_are_values_without_threads_or_waiting(module: ModuleType) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}

    assert not imported & WAITING
    assert not called & {"open", "get_log", "print"}


@pytest.mark.parametrize("module", modules("ports"), ids=lambda module: module.__name__)
def test_ports_are_protocols_without_bodies(module: ModuleType) -> None:
    for name, value in own(module).items():
        assert getattr(value, "_is_protocol", False) or not (isclass(value) or isfunction(value)), name
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert len(node.body) == 1, node.name
            assert ast.get_docstring(node), node.name


def test_a_domain_has_its_rules_in_one_place() -> None:
    for folder in FOLDERS:
        assert not ((folder / "service.py").exists() and (folder / "rules").exists()), folder.name


@pytest.mark.parametrize("package", INFRASTRUCTURE)
def test_a_domain_has_the_same_name_everywhere(package: str) -> None:
    found = {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__"}

    assert set(PARTS.values()) <= NAMES
    assert found - NAMES - set(PARTS) == INFRASTRUCTURE[package]


def test_a_domain_s_tests_have_its_name() -> None:
    folder = ROOT / "tests" / "shared" / "domains"
    files = {path.stem.removeprefix("test_") for path in folder.glob("test_*.py")}

    with_rules = {one.name for one in FOLDERS if (one / "service.py").exists() or (one / "rules").exists()}

    assert files | {path.name for path in folder.iterdir() if path.is_dir()} >= with_rules


def without_a_task(found: list[ModuleType]) -> set[str]:
    """Return the wire names that a worker with these task modules does not take."""
    with Celery("registry", set_as_current=False) as app:
        before = {*app.tasks}  # Celery's own, and what applications of other tests share with every application
        for module in found:
            register(app, module, context=NOTHING, keeper=NOTHING)
        known = {*app.tasks} - before
    expected = {name for job in JOBS for name in names_of(job)}
    assert known <= expected
    return expected - known


def test_every_job_has_a_task_and_every_task_a_job() -> None:
    assert without_a_task(modules_of(tasks)) == set()


@pytest.mark.parametrize("module", modules_of(tasks), ids=lambda module: module.__name__)
def test_a_module_of_tasks_that_is_left_out_is_missed(module: ModuleType) -> None:
    assert without_a_task([one for one in modules_of(tasks) if one is not module])


def test_every_command_of_a_frame_has_a_handler_and_every_handler_a_command() -> None:
    assert set(handlers_in(modules_of(handlers))) == {*ROOM_COMMANDS, *USER_COMMANDS}


def signatures() -> dict[str, list[str]]:
    """Return the methods of all protocols, and where each is declared."""
    found: dict[str, list[str]] = {}
    for path in (path for package in ("web", "workers", "shared", "cli") for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in node.bases):
                for method in (one for one in node.body if isinstance(one, ast.FunctionDef)):
                    returned = ast.unparse(method.returns) if method.returns else ""
                    signature = f"{method.name}({ast.unparse(method.args)}) -> {returned}"
                    found.setdefault(signature, []).append(f"{path.relative_to(ROOT)}: {node.name}")
    return found


def test_a_role_is_declared_once() -> None:
    assert {signature: where for signature, where in signatures().items() if len(where) > 1} == {}
