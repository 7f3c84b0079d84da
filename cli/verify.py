"""`speaktracker verify URL`: after a deploy, whether it does what it is for."""

import os
import time
from pathlib import Path

import click

from cli.options import aws_option, json_option, run_directory
from cli.platform_settings import running_settings
from cli.printing import print_json, say
from cli.refusals import Refusing
from cli.verifying.checks import Deployment, Verification
from shared.adapters.aws.demo_accounts import DEMO_ACCOUNTS
from shared.wiring import build_gateway


@click.command(cls=Refusing)
@click.argument("url")
@click.option("--email", envvar="VERIFY_EMAIL", help="Whose account says the message (VERIFY_EMAIL).")
@click.option("--password", envvar="VERIFY_PASSWORD", help="Its password (VERIFY_PASSWORD).")
@click.option("--log", type=click.Path(path_type=Path), help="The log that must tell of the message.")
@aws_option
@json_option
@run_directory("Where a running platform is looked for.")
def verify(
    url: str,
    email: str | None,
    password: str | None,
    log: Path | None,
    aws_itself: bool,
    as_json: bool,
    directory: Path,
) -> None:
    """Verify the deployment at URL: gateway, resources and policies, a live push, stored in 5 s, no dead letters, logs.

    A room is made, a message said in it, and the room removed. Against what runs on this laptop a demo account is used,
    and its log is read. Exits with 1 if anything is not as it must be.
    """
    settings = running_settings(directory, os.environ, aws_itself=aws_itself)
    student = DEMO_ACCOUNTS[0]
    if aws_itself and not (email and password):
        raise click.ClickException("Whose account says the message? Set VERIFY_EMAIL and VERIFY_PASSWORD.")
    if log is None and not aws_itself and (directory / "log.jsonl").exists():
        log = directory / "log.jsonl"
    context = build_gateway(settings)
    deployment = Deployment(url.rstrip("/"), email or student.email, password or student.password, context, log)
    problems = _run(Verification(deployment), as_json=as_json)
    if as_json:
        print_json({"problems": problems})
    if problems:
        raise click.exceptions.Exit(1)


def _run(verification: Verification, *, as_json: bool) -> list[str]:
    found: list[str] = []
    for name, check in verification.checks().items():
        began = time.monotonic()
        problems = list(check())
        took = (time.monotonic() - began) * 1000
        found += problems
        if not as_json:
            say(f"{name:20} {'ok' if not problems else 'WRONG':6} {took:7.0f} ms")
            for problem in problems:
                say(f"    {problem}")
    return found
