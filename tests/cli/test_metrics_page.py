"""The page of metrics: current, and complete."""

from pathlib import Path

from cli.metrics_page import PAGE, metrics_page
from shared.kernel.measures import MEASURES

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_in_the_repository_is_current() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == metrics_page(), "run `speaktracker metrics --write`"


def test_every_metric_has_a_line() -> None:
    for measure in MEASURES.values():
        assert f"| `{measure.served_as}` | {measure.kind.value} |" in metrics_page()
