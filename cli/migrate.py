"""`speaktracker migrate`: brings what an older release stored into today's form."""

import os
from pathlib import Path

import click

from cli.options import aws_option, json_option, run_directory
from cli.platform_settings import running_settings
from cli.printing import print_json, say
from cli.refusals import Refusing
from shared.adapters.aws.clients import AwsClients
from shared.adapters.dynamodb.migrations import key_people_by_id
from shared.adapters.dynamodb.table import Table


@click.command(cls=Refusing)
@aws_option
@json_option
@run_directory("Where a running platform is looked for.")
def migrate(aws_itself: bool, as_json: bool, directory: Path) -> None:
    """Move rows that name people by e-mail to keys by userId.

    Stop gateways and workers of release 0.1.0 first. Running it again, also after it was broken off, does what is left.
    """
    settings = running_settings(directory, os.environ, aws_itself=aws_itself)
    moved = key_people_by_id(Table(AwsClients(settings).dynamodb, settings.chat_table_name))
    if as_json:
        print_json({"moved": moved.rows, "contested": list(moved.contested)}, sort_keys=True)
        return
    for kind, count in sorted(moved.rows.items()):
        click.echo(f"{kind}: {count} moved")
    if not moved.rows:
        click.echo("Everything is as it must be.")
    for user_id in moved.contested:
        say(f"Account {user_id}: another account has the same e-mail; this one was left without.")
