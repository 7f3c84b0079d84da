"""Run the AWS endpoint: `python -m embedded.aws --port 4566 --directory .run/aws`."""

import asyncio
import contextlib
import gc
import importlib
import os
import sys
from pathlib import Path

import click

from embedded.aws.claim import DirectoryInUseError, claim
from embedded.aws.environment import HookMissingError, emulator_environment
from embedded.aws.logs import configure
from embedded.aws.repair import repair_objects
from embedded.bedrock.settings import PartnerMisconfigured, read_partner_settings


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), required=True, help="The port on loopback to listen on.")
@click.option(
    "--directory", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where everything is kept."
)
@click.option("--log", type=click.Path(dir_okay=False, path_type=Path), help="Where verification codes are written.")
@click.option("--fsync", is_flag=True, help="Survive a power cut too, at about a third of the speed.")
@click.option("--warm", is_flag=True, help="Start hearing and speaking at once, not when they are first needed.")
@click.option("--log-level", default="WARNING", show_default=True, help="What is written to stderr.")
def main(port: int, directory: Path, log: Path | None, fsync: bool, warm: bool, log_level: str) -> None:
    """Serve SQS, DynamoDB, S3, Cognito and more on loopback; what is answered is on disk."""
    os.umask(0o077)
    try:
        read_partner_settings(os.environ)
    except PartnerMisconfigured as refusal:
        raise click.ClickException(str(refusal)) from refusal
    directory = directory.resolve()
    directory.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.closing(claim(directory)):
            options = (port, directory, (log or directory / "log.jsonl").resolve(), fsync, warm)
            _serve(options, log_level.upper())
    except (HookMissingError, DirectoryInUseError, OSError) as refusal:
        # OSError: the port is taken, or the directory cannot be written.
        click.echo(str(refusal), err=True)
        sys.exit(1)


def _serve(options: tuple[int, Path, Path, bool, bool], log_level: str) -> None:
    port, directory = options[:2]
    repair_objects(directory / "objects")
    os.environ.update(emulator_environment(port, directory))
    # ministack reads its environment and its objects when it is imported, so not before now.
    server = importlib.import_module("embedded.aws.server")
    configure(log_level)
    asyncio.run(server.run(server.Options(*options)))
    gc.freeze()  # the last collection takes most of a second, and everything is on the disk


if __name__ == "__main__":
    main()
