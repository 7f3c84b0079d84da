"""A page of the documents that a command generates: printed, written, or held against what lies there."""

from pathlib import Path

import click


def keep_page(path: Path, page: str, *, write: bool, check: bool, command: str) -> None:
    """Print a page, or write it, or check that it is current.

    Raises:
        ClickException: it is to be checked, and another lies there, or none.
    """
    if write:
        path.parent.mkdir(exist_ok=True)
        path.write_text(page, encoding="utf-8")
    elif not check:
        click.echo(page, nl=False)
    elif not path.exists() or path.read_text(encoding="utf-8") != page:
        raise click.ClickException(f"{path} is not current: run `{command} --write`.")
