"""Dashboards of Grafana as files, made from the panels."""

import json
from typing import Any

from cli.monitoring.panels import Dashboard, Panel

SOURCE = {"type": "prometheus", "uid": "${source}"}
WIDTH, HEIGHT, A_ROW = 8, 8, 3


def dashboard(page: Dashboard) -> str:
    """Return the text of a dashboard; it asks whoever imports it for the Prometheus to read from."""
    made: dict[str, Any] = {
        "uid": f"speaktracker-{page.name}",
        "title": page.title,
        "tags": ["speaktracker"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [_source(), _window()]},
        "panels": [_panel(number, panel) for number, panel in enumerate(page.panels)],
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def _source() -> dict[str, Any]:
    return {"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"}


def _window() -> dict[str, Any]:
    choices = ("1m", "5m", "30m", "1h")
    return {
        "name": "window",
        "label": "Rates over",
        "type": "custom",
        "query": ",".join(choices),
        "current": {"text": "5m", "value": "5m"},
        "options": [{"text": one, "value": one, "selected": one == "5m"} for one in choices],
    }


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    place = {"x": number % A_ROW * WIDTH, "y": number // A_ROW * HEIGHT, "w": WIDTH, "h": HEIGHT}
    targets = [
        {"refId": chr(ord("A") + index), "expr": query, "legendFormat": legend, "datasource": SOURCE}
        for index, (query, legend) in enumerate(panel.queries)
    ]
    return {
        "id": number + 1,
        "type": panel.kind,
        "title": panel.title,
        "datasource": SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": targets,
    }
