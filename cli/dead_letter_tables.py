"""Dead letters as tables for a terminal."""

import json

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from cli.foreign_text import foreign
from cli.printing import table
from shared.domains.dead_letters.contract import DeadLetterDetails, DeadLetterItem, DryRun

_LONGEST_COPIED = 64
_STATES = {"open": "bold red", "parked": "yellow", "replayed": "green", "discarded": "dim"}


def show_list(items: list[DeadLetterItem], console: Console) -> None:
    """Show letters, a row each, their ids whole."""
    letters = table("id", "state", "task", "queue", "death", "error", "replays", "last")
    for item in items:
        cells = (item.task or "–", item.queue, item.death, item.error, str(item.replays), item.last_at)
        letters.add_row(foreign(item.id), Text(item.state, _STATES.get(item.state, "")), *map(foreign, cells))
    _keep_whole(letters.columns[0], [item.id for item in items])
    console.print(letters)


def show_letter(letter: DeadLetterDetails, console: Console) -> None:
    """Show one letter whole, with what was done to it."""
    fields = Table("", "", box=None, show_header=False, pad_edge=False)
    fields.columns[1].overflow = "fold"
    for name, value in letter.wire().items():
        if name != "audit":
            text = json.dumps(value, ensure_ascii=False, indent=2) if isinstance(value, dict | list) else str(value)
            fields.add_row(Text(name, "dim"), foreign(text, keeps_lines=True))
    console.print(fields)
    for line in letter.audit:
        console.print(foreign(f"{line.at}  {line.by}  {line.action}  {line.details or ''}"), soft_wrap=True)


def show_dry_run(told: DryRun, console: Console) -> None:
    """Show what a replay would come to."""
    checks = table("id", "task", "would be", "done", "arguments", "task known")
    for check in told.checks:
        marks = ["yes" if found else "no" for found in (check.is_done, check.has_arguments, check.is_task_known)]
        checks.add_row(foreign(check.id), foreign(check.task or "–"), check.outcome.value, *marks)
    _keep_whole(checks.columns[0], [check.id for check in told.checks])
    console.print(checks)
    console.print(f"{'' if told.is_whole else 'at least '}{told.matching} match; nothing was changed.")


def _keep_whole(column: Column, ids: list[str]) -> None:
    """Keep ids on one line, so that they can be copied; the long ones of strangers are folded rather than cut."""
    column.no_wrap = all(len(one) <= _LONGEST_COPIED for one in ids)
