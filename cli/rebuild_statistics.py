"""`speaktracker rebuild-statistics`: makes a student's days again from what was recorded."""

import json
import os
import re
from pathlib import Path

import click

from cli.options import aws_option, run_directory
from cli.platform_settings import running_settings
from shared.adapters.aws.clients import AwsClients
from shared.adapters.dynamodb.statistics import DynamoStatistics
from shared.adapters.dynamodb.table import Table
from shared.domains.statistics.rules import rebuilding
from shared.kernel.errors import Unavailable

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _DAY.fullmatch(value):
        raise click.BadParameter("must be a date such as 2026-12-01")
    return value


@click.command("rebuild-statistics")
@click.option("--user", "user_id", required=True, help="The student's userId.")
@click.option("--day", callback=_day, help="One day only (YYYY-MM-DD, the student's); without it all of them.")
@aws_option
@run_directory("Where a running platform is looked for.")
def rebuild_statistics(user_id: str, day: str | None, aws_itself: bool, directory: Path) -> None:
    """Write a student's days anew from the recorded events; prints each as a line of JSON.

    The numbers are the same again, also where days were deleted. Running it again changes nothing.
    """
    settings = running_settings(directory, os.environ, aws_itself=aws_itself)
    store = DynamoStatistics(Table(AwsClients(settings).dynamodb, settings.chat_table_name))
    try:
        days = rebuilding.rebuild_statistics(user_id, store=store, day=day)
    except Unavailable as unavailable:
        raise click.ClickException(f"DynamoDB does not answer; run it again: {unavailable.__cause__}") from unavailable
    for one in days:
        click.echo(json.dumps(one.wire(), sort_keys=True))
    if not days:
        click.echo("No events are recorded.", err=True)
