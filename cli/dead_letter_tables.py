"""Dead letters as tables for a terminal."""

import json

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.foreign_text import foreign
from shared.domains.dead_letters.contract import DeadLetterDetails, DeadLetterItem, DryRun

_STATES = {"open": "bold red", "parked": "yellow", "replayed": "green", "discarded": "dim"}


def show_list(items: list[DeadLetterItem], console: Console) -> None:
    """Show letters, a line each; ids whole, so that they can be copied."""
    table = Table("id", "state", "task", "queue", "death", "error", "replays", "last", box=None, pad_edge=False)
    table.columns[0].no_wrap = True
    for item in items:
        cells = (item.task or "–", item.queue, item.death, item.error, str(item.replays), item.last_at)
        table.add_row(foreign(item.id), Text(item.state, _STATES.get(item.state, "")), *map(foreign, cells))
    console.print(table)


def show_letter(letter: DeadLetterDetails, console: Console) -> None:
    """Show one letter whole, with what was done to it."""
    table = Table("", "", box=None, show_header=False, pad_edge=False)
    for name, value in letter.wire().items():
        if name != "audit":
            text = json.dumps(value, ensure_ascii=False, indent=2) if isinstance(value, dict) else str(value)
            table.add_row(Text(name, "dim"), foreign(text, keeps_lines=True))
    console.print(table)
    for line in letter.audit:
        console.print(foreign(f"{line.at}  {line.by}  {line.action}  {line.details or ''}"))


def show_dry_run(told: DryRun, console: Console) -> None:
    """Show what a replay would come to."""
    table = Table("id", "task", "would be", "done", "arguments", "task known", box=None, pad_edge=False)
    table.columns[0].no_wrap = True
    for check in told.checks:
        marks = ["yes" if found else "no" for found in (check.is_done, check.has_arguments, check.is_task_known)]
        table.add_row(foreign(check.id), foreign(check.task or "–"), check.outcome.value, *marks)
    console.print(table)
    console.print(f"{'' if told.is_whole else 'at least '}{told.matching} match; nothing was changed.")
