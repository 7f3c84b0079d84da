"""`speaktracker check`: what is missing, wrong or does not answer, said before a deploy."""

import os
from collections.abc import Iterator
from pathlib import Path

import click
from botocore.exceptions import BotoCoreError, ClientError

from cli.options import aws_option, json_option, run_directory
from cli.platform_settings import find_running
from cli.printing import print_json, say
from cli.refusals import Refusing
from shared.adapters.aws.provisioner import Provisioner
from shared.kernel.errors import Unavailable
from shared.kernel.settings import Misconfigured
from shared.wired.health import unanswered_by
from shared.wired.settings import deployed_settings
from shared.wiring import GatewayContext, build_gateway


@click.command(cls=Refusing)
@aws_option
@json_option
@run_directory("Where a running platform is looked for.")
def check(aws_itself: bool, as_json: bool, directory: Path) -> None:
    """Say what is missing, wrong or does not answer in the environment of this shell; nothing is changed.

    Run it where the service will run, with its environment, before a deploy. Without --aws and without AWS_ENDPOINT_URL
    the platform that runs on this laptop is checked. Exits with 1 if anything is not as it must be.
    """
    if not aws_itself:
        find_running(directory, os.environ)
    problems = list(_problems())
    if as_json:
        print_json({"problems": problems})
    else:
        for problem in problems or ["Everything is as it must be."]:
            say(problem)
    if problems:
        raise click.exceptions.Exit(1)


def _problems() -> Iterator[str]:
    try:
        settings = deployed_settings()
    except Misconfigured as wrong:
        yield from (line.strip() for line in str(wrong).splitlines()[1:])
        return
    context = build_gateway(settings)
    yield from _differences(context)
    for name, question in context.readiness.items():
        if name not in context.own_readiness:
            yield from unanswered_by(name, question)
    yield from context.problems


def _differences(context: GatewayContext) -> Iterator[str]:
    try:
        yield from Provisioner(context.aws, context.settings).check()
    except Unavailable as problem:
        yield f"AWS does not answer: {problem.__cause__}"
    except (BotoCoreError, ClientError) as problem:
        yield f"AWS refuses: {problem}"
    except Misconfigured as wrong:
        yield str(wrong)
