"""`speaktracker provision`: makes what SpeakTracker needs of AWS, or says what differs."""

import os
import secrets
from pathlib import Path

import click

from cli.options import run_directory
from cli.run_directory import RunDirectory
from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.provisioner import Provisioned, Provisioner
from shared.kernel.errors import Unavailable
from shared.kernel.settings import Settings, read_settings


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; say what differs, and exit with 1 if anything does.")
@click.option("--aws", "aws_itself", is_flag=True, envvar="SPEAKTRACKER_AWS", help="Use AWS itself.")
@run_directory("Where a running platform is looked for.")
def provision(check: bool, aws_itself: bool, directory: Path) -> None:
    """Make queues, table, bucket and user pool, or bring them to their definitions; nothing is ever deleted.

    Works on the endpoint of AWS_ENDPOINT_URL, else on the platform that runs on this laptop, else, with --aws,
    on AWS itself.
    """
    settings = _settings(directory, aws_itself)
    provisioner = Provisioner(AwsClients(settings), settings)
    try:
        if check:
            _report(provisioner.check())
        else:
            _show(provisioner.provision())
    except Unavailable as unavailable:
        raise click.ClickException(f"AWS does not answer: {unavailable.__cause__}") from unavailable


def _settings(directory: Path, aws_itself: bool) -> Settings:
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if not aws_itself and not endpoint:
        endpoint = (
            RunDirectory(directory).read("state.json").get("addresses", {}).get("aws") if directory.exists() else None
        )
        if endpoint is None:
            raise click.ClickException(
                "Nothing runs on this laptop: start it with `make run`, or use AWS itself (--aws)."
            )
    # provisioning signs nothing, so that AWS itself can be provisioned before its secret exists
    return read_settings(aws_endpoint_url=endpoint, cursor_key=os.environ.get("CURSOR_KEY") or secrets.token_urlsafe())


def _report(sentences: list[str]) -> None:
    for sentence in sentences:
        click.echo(sentence)
    if sentences:
        raise click.exceptions.Exit(1)
    click.echo("Everything is as it must be.")


def _show(found: Provisioned) -> None:
    click.echo(f"CHAT_TABLE_NAME={found.table}")
    click.echo(f"CHAT_BUCKET_NAME={found.bucket}")
    click.echo(f"COGNITO_USER_POOL_ID={found.user_pool_id}")
    click.echo(f"COGNITO_CLIENT_ID={found.client_id}")
    for name, url in found.queue_urls.items():
        click.echo(f"# queue {name}: {url}")
