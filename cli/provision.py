"""`speaktracker provision`: makes what SpeakTracker needs of AWS, or says what differs."""

import os
from dataclasses import asdict
from pathlib import Path

import click

from cli.options import aws_option, json_option, run_directory
from cli.platform_settings import running_settings
from cli.printing import print_json, say
from cli.refusals import Refusing
from shared.adapters.aws.provisioner import Provisioned, Provisioner
from shared.wiring import build_gateway


@click.command(cls=Refusing)
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
    context = build_gateway(settings)
    provisioner = Provisioner(context.aws, settings)
    if check:
        _report([*provisioner.check(), *context.problems], as_json=as_json)
    else:
        _show(provisioner.provision(), as_json=as_json)


def _report(sentences: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json({"differences": sentences})
    else:
        for sentence in sentences or ["Everything is as it must be."]:
            say(sentence)
    if sentences:
        raise click.exceptions.Exit(1)


def _show(found: Provisioned, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(found))
        return
    say(f"CHAT_TABLE_NAME={found.table}")
    say(f"CHAT_BUCKET_NAME={found.bucket}")
    say(f"COGNITO_USER_POOL_ID={found.user_pool_id}")
    say(f"COGNITO_CLIENT_ID={found.client_id}")
    for name, url in found.queue_urls.items():
        say(f"# queue {name}: {url}")
