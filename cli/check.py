"""`speaktracker check`: what is missing, wrong or does not answer, said before a deploy."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from botocore.exceptions import BotoCoreError, ClientError

from cli.options import aws_option, json_option, run_directory
from cli.platform_settings import find_running
from cli.printing import print_json, say
from cli.refusals import Refusing
from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.provisioner import Provisioner
from shared.kernel.errors import Unavailable
from shared.kernel.settings import Misconfigured, Settings, read_settings
from shared.wired.health import unwritable_log
from shared.wiring import build_gateway


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
        settings = read_settings()
    except Misconfigured as wrong:
        yield from (line.strip() for line in str(wrong).splitlines()[1:])
        return
    yield from _differences(settings)
    context = build_gateway(settings)
    for name, question in context.readiness.items():
        if name not in context.own_readiness:
            yield from _unanswered(name, question)
    yield from beside_aws(settings)


def beside_aws(settings: Settings) -> Iterator[str]:
    """Say what is not as it must be on this host and in Redis."""
    for name, question in build_gateway(settings).own_readiness.items():
        yield from _unanswered(name, question)
    yield from unwritable_log(settings.log_file)


def _differences(settings: Settings) -> Iterator[str]:
    try:
        yield from Provisioner(AwsClients(settings), settings).check()
    except Unavailable as problem:
        yield f"AWS does not answer: {problem.__cause__}"
    except (BotoCoreError, ClientError) as problem:
        yield f"AWS refuses: {problem}"
    except Misconfigured as wrong:
        yield str(wrong)


def _unanswered(name: str, question: Callable[[], object]) -> Iterator[str]:
    try:
        question()
    except Exception as problem:  # whatever a dependency raises, the service would not be ready
        yield f"{name} does not answer: {problem.__cause__ or problem}"
