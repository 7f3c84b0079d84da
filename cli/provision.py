"""`speaktracker provision`: makes what SpeakTracker needs of AWS, or says what differs."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from cli.check import beside_aws
from cli.options import aws_option, json_option, run_directory
from cli.platform_settings import running_settings
from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.provisioner import Provisioned, Provisioner
from shared.kernel.errors import Unavailable


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; say what differs, and exit with 1 if anything does.")
@aws_option
@json_option
@run_directory("Where a running platform is looked for.")
def provision(check: bool, aws_itself: bool, as_json: bool, directory: Path) -> None:
    """Make queues, table, bucket and user pool, or bring them to their definitions; nothing is ever deleted.

    Works on the endpoint of AWS_ENDPOINT_URL, else on the platform that runs on this laptop, else, with --aws,
    on AWS itself.
    """
    settings = running_settings(directory, os.environ, aws_itself=aws_itself)
    provisioner = Provisioner(AwsClients(settings), settings)
    try:
        if check:
            _report([*provisioner.check(), *beside_aws(settings)], as_json=as_json)
        else:
            _show(provisioner.provision(), as_json=as_json)
    except Unavailable as unavailable:
        raise click.ClickException(f"AWS does not answer: {unavailable.__cause__}") from unavailable


def _report(sentences: list[str], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"differences": sentences}, ensure_ascii=False))
    else:
        click.echo("\n".join(sentences or ["Everything is as it must be."]))
    if sentences:
        raise click.exceptions.Exit(1)


def _show(found: Provisioned, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    click.echo(f"CHAT_TABLE_NAME={found.table}")
    click.echo(f"CHAT_BUCKET_NAME={found.bucket}")
    click.echo(f"COGNITO_USER_POOL_ID={found.user_pool_id}")
    click.echo(f"COGNITO_CLIENT_ID={found.client_id}")
    for name, url in found.queue_urls.items():
        click.echo(f"# queue {name}: {url}")
