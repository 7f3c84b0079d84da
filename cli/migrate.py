"""`speaktracker migrate`: brings what an older release stored into today's form."""

import os
from pathlib import Path

import click

from cli.options import aws_option, run_directory
from cli.platform_settings import running_settings
from shared.adapters.aws.clients import AwsClients
from shared.adapters.dynamodb.migrations import key_people_by_id
from shared.adapters.dynamodb.table import Table
from shared.kernel.errors import Unavailable


@click.command()
@aws_option
@run_directory("Where a running platform is looked for.")
def migrate(aws_itself: bool, directory: Path) -> None:
    """Move rows that name people by e-mail to keys by userId.

    Stop gateways and workers of release 0.1.0 first. Running it again, also after it was broken off, does what is left.
    """
    settings = running_settings(directory, os.environ, aws_itself=aws_itself)
    try:
        moved = key_people_by_id(Table(AwsClients(settings).dynamodb, settings.chat_table_name))
    except Unavailable as unavailable:
        raise click.ClickException(f"DynamoDB does not answer; run it again: {unavailable.__cause__}") from unavailable
    for kind, count in sorted(moved.rows.items()):
        click.echo(f"{kind}: {count} moved")
    if not moved.rows:
        click.echo("Everything is as it must be.")
    for user_id in moved.contested:
        click.echo(f"Account {user_id}: another account has the same e-mail; this one was left without.")
