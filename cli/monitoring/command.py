"""`speaktracker monitoring`: rules, dashboards and the scrape configuration as files."""

import time
from pathlib import Path

import click
import httpx

from cli.monitoring.dashboards import dashboard
from cli.monitoring.panels import DASHBOARDS, Panel
from cli.monitoring.plots import lines_of, plot
from cli.monitoring.rules import rules
from cli.monitoring.scraping import SCRAPE, read_state, targets
from cli.options import run_directory
from cli.printing import say
from cli.refusals import Refusing

PLACE = Path("deploy")
PLOTS = Path("docs/operations")
PLOT_WINDOW = "30s"
MOST_POINTS = 180


@click.command(cls=Refusing)
@click.option("--write", is_flag=True, help=f"Write the files below {PLACE}.")
@click.option("--targets", "listed", type=click.Path(path_type=Path), help="Write the programs of a run to this file.")
@click.option("--plot", "base", help="The address of a Prometheus: write plots of its last minutes to docs/operations.")
@click.option("--minutes", type=float, default=5.0, show_default=True, help="How many minutes the plots show.")
@run_directory("The run directory whose programs are listed.")
def monitoring(write: bool, listed: Path | None, base: str | None, minutes: float, directory: Path) -> None:
    """Say whether the rules and dashboards are current (exit code 1 if not), write them, or list what to scrape."""
    if base is not None:
        write_plots(base, minutes)
        return
    if listed is not None:
        if not (directory / "state.json").exists():
            raise click.ClickException(f"Nothing runs from {directory}: start it with `make run` first.")
        listed.write_text(targets(read_state(directory)), encoding="utf-8")
        return
    stale = [path for path, text in monitoring_files().items() if not _is_current(path, text)]
    for path in stale:
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(monitoring_files()[path], encoding="utf-8")
        else:
            say(f"{path} is not current: `speaktracker monitoring --write` writes it.")
    if stale and not write:
        raise SystemExit(1)


def write_plots(base: str, minutes: float) -> None:
    """Write a plot of each panel that has one, of what a Prometheus has seen in the last minutes.

    Raises:
        ClickException: it does not answer.
    """
    PLOTS.mkdir(parents=True, exist_ok=True)
    end = time.time()
    step = max(1.0, minutes * 60 / MOST_POINTS)
    for place, panel in _places():
        try:
            lines = [
                line
                for query, legend in panel.queries
                for line in lines_of(base, query.replace("$window", PLOT_WINDOW), legend, end - minutes * 60, end, step)
            ]
        except httpx.HTTPError as problem:
            raise click.ClickException(f"{base} does not answer: {problem}.") from problem
        if lines and panel.kind == "timeseries":
            place.write_text(plot(panel.title, panel.unit, lines), encoding="utf-8")


def _places() -> list[tuple[Path, Panel]]:
    return [(PLOTS / f"{page.name}-{name}.svg", panel) for page in DASHBOARDS for name, panel in page.named()]


def monitoring_files() -> dict[Path, str]:
    """Return the text of each file by its path."""
    found = {PLACE / "prometheus" / "rules.yml": rules(), PLACE / "prometheus" / "prometheus.yml": SCRAPE}
    return found | {PLACE / "grafana" / f"{page.name}.json": dashboard(page) for page in DASHBOARDS}


def _is_current(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
