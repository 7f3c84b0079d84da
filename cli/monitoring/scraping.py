"""What Prometheus scrapes: the programs of a run on this laptop, or those that a file lists."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SCRAPE = """\
# Written by `speaktracker monitoring --write`. Programs are listed in targets.json beside it, which Prometheus reads
# again whenever it changes: `speaktracker monitoring --targets FILE` writes it from a running platform's state.json.
global:
  scrape_interval: 15s
  evaluation_interval: 15s
rule_files:
  - rules.yml
scrape_configs:
  - job_name: speaktracker
    file_sd_configs:
      - files: [targets.json]
"""


def targets(state: dict[str, Any]) -> str:
    """Return the programs of a run as Prometheus lists them, each with its name."""
    found = [
        {"targets": [urlsplit(address).netloc], "labels": {"program": program}}
        for program, address in state["metrics"].items()
    ]
    return json.dumps(found, indent=1) + "\n"


def read_state(directory: Path) -> dict[str, Any]:
    """Return the state of the platform that runs from a directory."""
    found: dict[str, Any] = json.loads((directory / "state.json").read_text(encoding="utf-8"))
    return found
