import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from shared.catalogue import EVENTS, JOBS, SCHEDULE
from shared.kernel.queues import Queue

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("web", "workers", "shared", "graph_engine", "speech", "cli", "embedded", "speaktracker_client", "bench")
SHIPPED = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
TASKS = sorted((ROOT / "workers" / "tasks").glob("*.py"))
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
BANNED_NAMES = {"utils", "helpers", "common", "manager", "misc", "data"}
SENDERS = {"delay", "apply_async", "send_task"}
MAY_SEND = [ROOT / place for place in ("bench", "shared/adapters/sqs_transport", "shared/adapters/monitoring")]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("package", [*PACKAGES, "celeryconfig"])
def test_the_packages_are_those_of_this_checkout(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if package == "celeryconfig":
        assert (ROOT / "celeryconfig.py").exists()
        return
    where = import_module(package).__file__
    assert where is None or Path(where).is_relative_to(ROOT)


def test_files_and_functions_stay_small() -> None:
    for path in SHIPPED:
        assert path.read_text("utf-8").count("\n") <= LONGEST_FILE, name(path)
        for function in functions(path):
            length = (function.end_lineno or 0) - function.lineno
            assert length < LONGEST_FUNCTION, f"{name(path)}: {function.name}"


def test_no_file_is_a_bucket() -> None:
    for path in SHIPPED:
        assert path.stem not in BANNED_NAMES, name(path)
        if path.name == "__init__.py":
            body = tree(path).body
            assert len(body) == 1, name(path)
            assert ast.get_docstring(ast.Module(body, [])) is not None, name(path)


def test_tasks_are_thin() -> None:
    for path in TASKS:
        for function in functions(path):
            assert len(function.body) <= 4 + 1, f"{function.name}: a docstring and at most four statements"
            branches = [node for node in ast.walk(function) if isinstance(node, ast.Try | ast.For | ast.While)]
            assert not branches, f"{name(path)}: {function.name}"


def test_only_one_file_sends_tasks() -> None:
    for path in SHIPPED:
        if name(path) == "shared/adapters/celery_jobs.py" or any(map(path.is_relative_to, MAY_SEND)):
            continue
        calls = [node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
        called = {called.attr for called in calls if isinstance(called, ast.Attribute)}
        assert not called & SENDERS, name(path)


def test_every_job_has_one_task_and_every_task_one_job() -> None:
    handled = []
    for path in TASKS:
        handled += re.findall(r"^@handles\((\w+)\)", path.read_text("utf-8"), flags=re.MULTILINE)

    assert sorted(handled) == sorted(job.__name__ for job in JOBS)


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_wire_names_are_spelt_by_rule(job: type) -> None:
    domain = job.__module__.split(".")[2]
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", job.__name__).lower()

    assert job.name == f"{domain}.{snake}"  # type: ignore[attr-defined]


def test_wire_names_are_unique() -> None:
    names = [job.name for job in JOBS] + [event.model_fields["type"].default for event in EVENTS]

    assert len(names) == len(set(names))


def test_every_queue_with_jobs_is_consumed_by_a_process() -> None:
    procfile = (ROOT / "Procfile").read_text("utf-8")
    consumed = {queue for options in re.findall(r"-Q (\S+)", procfile) for queue in options.split(",")}

    assert {job.queue.value for job in JOBS} <= consumed <= {queue.value for queue in Queue}


def test_what_beat_asks_for_may_run_twice_at_once() -> None:
    assert all(entry.job.idempotent for entry in SCHEDULE)
