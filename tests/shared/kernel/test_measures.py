"""Every name that the code measures by is in the table, with its labels; and the other way round."""

import ast
import re
from pathlib import Path

import pytest

from shared.kernel.measures import MEASURES, Kind, Measure

ROOT = Path(__file__).resolve().parents[3]
USES = {"count": Kind.COUNTER, "observe": Kind.HISTOGRAM}
PERSONAL = {"user", "user_id", "email", "room", "room_id", "name", "address", "ip", "session", "message", "job_id"}


def calls() -> list[tuple[str, str, set[str], Path]]:
    found = []
    for path in (path for package in ("shared", "web", "workers") for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            of, verb = ast.unparse(node.func.value), node.func.attr
            is_ours = verb in (*USES, "watch") and re.search(r"metrics|gauges|meters|^watch$", of)
            if is_ours and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                labels = {keyword.arg for keyword in node.keywords if keyword.arg}
                found.append((verb, node.args[0].value, labels, path))
    return found


CALLS = calls()


def test_the_code_measures_what_the_table_names() -> None:
    assert len(CALLS) > 30
    for verb, name, labels, path in CALLS:
        assert name in MEASURES, f"{path}: {name}"
        if verb in USES:
            assert MEASURES[name].kind is USES[verb], f"{path}: {name}"
            assert set(MEASURES[name].labels) == labels, f"{path}: {name}"


def test_the_table_names_nothing_that_nobody_measures() -> None:
    text = "".join(
        path.read_text("utf-8")
        for package in ("shared", "web", "workers")
        for path in (ROOT / package).rglob("*.py")
        if path.name != "measures.py"
    )

    assert [name for name in MEASURES if f'"{name}"' not in text] == []


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda one: one.name)
def test_names_units_and_labels_are_prometheus_own(measure: Measure) -> None:
    assert re.fullmatch(r"[a-z][a-z_]*[a-z]", measure.name)
    assert not measure.name.endswith("_total")
    assert not re.search(r"milli|_ms$|minutes|hours|kilo|mega", measure.name)
    assert not set(measure.labels) & PERSONAL
    assert list(measure.buckets) == sorted(measure.buckets)
    assert bool(measure.buckets) is (measure.kind is Kind.HISTOGRAM)
    assert measure.meaning.endswith(".")
