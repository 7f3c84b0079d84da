"""`speaktracker rebuild-statistics`: makes a student's days again from what was recorded."""

import os
from datetime import datetime
from pathlib import Path

import click

from cli.options import aws_option, run_directory
from cli.platform_settings import running_settings
from cli.printing import print_json
from cli.refusals import Refusing
from shared.adapters.aws.clients import AwsClients
from shared.adapters.dynamodb.statistics import DynamoStatistics
from shared.adapters.dynamodb.table import Table
from shared.domains.statistics.rules import rebuilding

_DAY = "%Y-%m-%d"


@click.command("rebuild-statistics", cls=Refusing)
@click.option("--user", "user_id", required=True, help="The student's userId.")
@click.option(
    "--day", type=click.DateTime([_DAY]), help="One day only, as 2026-12-01, the student's; without it all of them."
)
@aws_option
@run_directory("Where a running platform is looked for.")
def rebuild_statistics(user_id: str, day: datetime | None, aws_itself: bool, directory: Path) -> None:
    """Write a student's days anew from the recorded events; prints each as a line of JSON.

    The numbers are the same again, also where days were deleted. Running it again changes nothing: do so where it is
    broken off.
    """
    settings = running_settings(directory, os.environ, aws_itself=aws_itself)
    store = DynamoStatistics(Table(AwsClients(settings).dynamodb, settings.chat_table_name))
    days = rebuilding.rebuild_statistics(user_id, store=store, day=day.strftime(_DAY) if day else None)
    for one in days:
        print_json(one.wire(), sort_keys=True)
    if not days:
        click.echo("No events are recorded.", err=True)
