"""`speaktracker monitoring`: rules, dashboards and the scrape configuration as files."""

from pathlib import Path

import click

from cli.monitoring.dashboards import dashboard
from cli.monitoring.panels import DASHBOARDS
from cli.monitoring.rules import rules
from cli.monitoring.scraping import SCRAPE, read_state, targets
from cli.options import run_directory

PLACE = Path("deploy")


@click.command()
@click.option("--write", is_flag=True, help=f"Write the files below {PLACE}.")
@click.option("--targets", "listed", type=click.Path(path_type=Path), help="Write the programs of a run to this file.")
@run_directory("The run directory whose programs are listed.")
def monitoring(write: bool, listed: Path | None, directory: Path) -> None:
    """Say whether the rules and dashboards are current (exit code 1 if not), write them, or list what to scrape."""
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
            click.echo(f"{path} is not current: `speaktracker monitoring --write` writes it.")
    if stale and not write:
        raise SystemExit(1)


def monitoring_files() -> dict[Path, str]:
    """Return the text of each file by its path."""
    found = {PLACE / "prometheus" / "rules.yml": rules(), PLACE / "prometheus" / "prometheus.yml": SCRAPE}
    return found | {PLACE / "grafana" / f"{page.name}.json": dashboard(page) for page in DASHBOARDS}


def _is_current(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
