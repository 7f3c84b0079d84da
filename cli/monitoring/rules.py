"""The rules of Prometheus as a file, made from the objectives and the alarms."""

import json
from collections.abc import Iterator

from cli.monitoring.alerts import ALL, WINDOWS, Alert
from shared.kernel.objectives import OBJECTIVES

_HEAD = """\
# Written by `speaktracker monitoring --write` from cli/monitoring/alerts.py and shared/kernel/objectives.py.
# Checked and tried by `promtool check rules` and `promtool test rules` (tests/cli/test_monitoring.py).
groups:
"""


def rules() -> str:
    """Return the text of the file: the share that fails of each objective by window, then the alarms."""
    return _HEAD + "".join((*_group("objectives", _recordings()), *_group("alarms", map(_alarm, ALL))))


def _group(name: str, entries: Iterator[str]) -> Iterator[str]:
    yield f"  - name: speaktracker-{name}\n    rules:\n"
    yield from entries


def _recordings() -> Iterator[str]:
    for objective in OBJECTIVES:
        for window in WINDOWS:
            yield f"      - record: speaktracker:{objective.name}:failing_{window}\n"
            yield f"        expr: {_text(objective.failing(window))}\n"


def _alarm(alert: Alert) -> str:
    lines = (
        f"- alert: {alert.name}",
        f"  expr: {_text(alert.expression)}",
        f"  for: {alert.lasting}",
        "  labels:",
        f"    severity: {alert.severity}",
        "  annotations:",
        f"    summary: {_text(alert.summary)}",
        f"    runbook: {alert.runbook}",
    )
    return "".join(f"      {line}\n" for line in lines)


def _text(text: str) -> str:
    """Return a text as YAML takes it: JSON's strings are YAML's too."""
    return json.dumps(text, ensure_ascii=False)
