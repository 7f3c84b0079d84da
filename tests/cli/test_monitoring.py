"""Rules and dashboards: current, read by Prometheus' own tools, and each alarm sounds and falls silent again."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.monitoring.alerts import ALL
from cli.monitoring.command import monitoring_files
from cli.monitoring.panels import DASHBOARDS
from cli.monitoring.scraping import targets
from shared.kernel.measures import MEASURES, Kind
from tests.prometheus import needed

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "deploy" / "prometheus" / "rules.yml"
SUFFIXES = {Kind.COUNTER: ("",), Kind.GAUGE: ("",), Kind.HISTOGRAM: ("_bucket", "_count", "_sum")}
SERVED = {f"{one.served_as}{suffix}" for one in MEASURES.values() for suffix in SUFFIXES[one.kind]}

SHORT, LONG = (15, 55), (80, 200)
"""Minutes at which an alarm must sound, and at which it must be silent again."""


def steady(bad: str, good: str) -> str:
    """Return a gauge that is bad for 20 minutes, and good for 200."""
    return f"{bad}x20 {good}x200"


def counted(minutes: int, a_minute: int = 60) -> str:
    """Return a counter that rises for so long, and then stands."""
    return f"0+{a_minute}x{minutes} {minutes * a_minute}+0x300"


RISING = "0+60x400"
LATE = "0x20 1260+60x200"
CASES: dict[str, tuple[dict[str, str], tuple[int, int]]] = {
    "DeadLetterQueueNotEmpty": ({'queue_messages{queue="tts-dlq",state="visible"}': steady("1", "0")}, SHORT),
    "DeadLettersUnsettled": ({'letters{state="open"}': steady("2", "0")}, SHORT),
    "QueueWaitsTooLong": ({'queue_oldest_seconds{queue="ai-chat.fifo"}': steady("45", "0")}, SHORT),
    "QueueUnattended": ({'queue_messages{queue="speech",state="visible"}': steady("5", "0")}, SHORT),
    "WorkerDeaf": ({'receiver_silence_seconds{queue="tts",instance="i"}': steady("90", "1")}, SHORT),
    "SchedulesLate": ({'schedule_done_timestamp_seconds{schedule="messages.sweep_unqueued"}': LATE}, SHORT),
    "QueuesUnwatched": ({"queues_polled_timestamp_seconds": LATE}, SHORT),
    "ProgramDown": ({'up{program="web",instance="i"}': steady("0", "1")}, SHORT),
    "LoopBroken": ({'loops_broken{program="web",instance="i"}': steady("1", "0")}, SHORT),
    "DiskAlmostFull": ({"log_disk_free_bytes": steady("5", "50"), "log_disk_size_bytes": "100x300"}, SHORT),
    "LogLinesLost": ({'log_lines_lost_total{program="web"}': counted(20)}, SHORT),
    "RedisFailing": ({'redis_errors_total{program="web"}': counted(20)}, SHORT),
    "AwsFailing": (
        {
            'aws_calls_total{service="sqs",outcome="failed"}': counted(20),
            'aws_calls_total{service="sqs",outcome="ok"}': RISING,
        },
        SHORT,
    ),
    "AwsThrottled": ({'aws_calls_total{service="dynamodb",outcome="throttled"}': counted(20)}, SHORT),
    "PlacesExhausted": ({'slots_refused_total{service="ai"}': counted(20)}, SHORT),
    "SpendingHigh": ({'cost_dollars_total{service="bedrock"}': counted(90, 2)}, LONG),
    "MeasuringFaults": ({'measuring_faults_total{program="web"}': counted(20)}, (15, 90)),
}
AVAILABLE = {'http_requests_total{status="5xx"}': counted(90), 'http_requests_total{status="2xx"}': RISING}
OBJECTIVES = {
    "accepted": ("http_request_seconds", 'le="0.05",route="/rooms"', 'route="/rooms"'),
    "stored": ("message_stored_seconds", 'le="5.0"', ""),
    "answered": ("turn_seconds", 'le="10.0"', ""),
    "delivered": ("delivery_seconds", 'le="0.2"', ""),
}
for speed in ("BurnsFast", "BurnsSlowly"):
    CASES[f"Availability{speed}"] = (AVAILABLE, LONG)
    for name, (metric, inside, labels) in OBJECTIVES.items():
        series = {f"{metric}_bucket{{{inside}}}": "0x90 0+60x400", f"{metric}_count{{{labels}}}": "0+60x500"}
        CASES[f"{name.capitalize()}{speed}"] = (series, LONG)


def test_the_files_in_the_repository_are_current() -> None:
    for path, text in monitoring_files().items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, "run `speaktracker monitoring --write`"


def test_every_alarm_is_tried_and_has_its_part_of_the_runbook() -> None:
    assert {alert.name for alert in ALL} == set(CASES)
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    assert [alert.name for alert in ALL if f"### {alert.name}\n" not in runbook] == []


def test_queries_ask_for_metrics_that_there_are() -> None:
    queries = [query for page in DASHBOARDS for panel in page.panels for query, _ in panel.queries]
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    queries += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    named = {name for query in queries for name in re.findall(r"speaktracker_\w+", query)}

    assert len(named) > 30
    assert named <= SERVED


def test_dashboards_are_json_whose_panels_do_not_overlap() -> None:
    for page in DASHBOARDS:
        made = json.loads((ROOT / "deploy" / "grafana" / f"{page.name}.json").read_text(encoding="utf-8"))
        places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in made["panels"]]
        assert len(set(places)) == len(places) == len(page.panels)


def test_prometheus_is_told_of_every_program() -> None:
    state = {"metrics": {"web": "http://127.0.0.1:9001/metrics", "beat": "http://127.0.0.1:9002/metrics"}}

    assert json.loads(targets(state)) == [
        {"targets": ["127.0.0.1:9001"], "labels": {"program": "web"}},
        {"targets": ["127.0.0.1:9002"], "labels": {"program": "beat"}},
    ]


def test_promtool_takes_the_rules() -> None:
    told = subprocess.run([needed("promtool"), "check", "rules", RULES], capture_output=True, text=True, timeout=60)

    assert told.returncode == 0, told.stdout + told.stderr


def trial(alert: str, series: dict[str, str], times: tuple[int, int]) -> dict[str, Any]:
    prefixed = {name if name.startswith("up{") else f"speaktracker_{name}": values for name, values in series.items()}
    sounding = f'ALERTS{{alertname="{alert}",alertstate="firing"}}'
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in prefixed.items()],
        "promql_expr_test": [
            {
                "expr": f"(count({sounding}) > bool 0) or vector(0)",
                "eval_time": f"{minutes}m",
                "exp_samples": [{"labels": "{}", "value": value}],
            }
            for minutes, value in zip(times, (1, 0), strict=True)
        ],
    }


def test_each_alarm_sounds_and_falls_silent(tmp_path: Path) -> None:
    trials = [trial(name, series, times) for name, (series, times) in CASES.items()]
    file = tmp_path / "trials.yml"
    file.write_text(json.dumps({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": trials}))
    told = subprocess.run([needed("promtool"), "test", "rules", file], capture_output=True, text=True, timeout=120)

    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize("broken", ["count(", "speaktracker_letters{"])
def test_promtool_refuses_what_is_no_rule(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "rules.yml"
    file.write_text(json.dumps({"groups": [{"name": "g", "rules": [{"alert": "A", "expr": broken}]}]}))

    assert subprocess.run([needed("promtool"), "check", "rules", file], capture_output=True, timeout=60).returncode
