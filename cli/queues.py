"""`speaktracker queues`: keep workers from a queue, let them read it again, empty workers before they are stopped."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from cli.groups import Told
from cli.options import aws_option, json_option, run_directory
from cli.platform_settings import running_settings
from cli.printing import print_json, say
from shared.adapters.monitoring.bus import bus_of
from shared.kernel.queues import Queue
from shared.wiring import build_worker

ANSWER_SECONDS = 2.0
LONGEST_WAIT = 86_400.0
_ASK_AGAIN_SECONDS = 1.0
QUEUE = click.Choice([queue.value for queue in Queue])

Build = Callable[[], Celery]


@click.group("queues", cls=Told)
@aws_option
@run_directory("Where a running platform is looked for.")
@click.pass_context
def queues(context: click.Context, aws_itself: bool, directory: Path) -> None:
    """Keep workers from a queue, let them read it again, or empty workers before they are stopped."""

    def build() -> Celery:
        app = Celery("operator", set_as_current=False)
        build_worker(running_settings(directory, os.environ, aws_itself=aws_itself)).install_monitoring(app)
        return app

    context.obj = build


@queues.command("list")
@json_option
@click.pass_obj
def list_queues(build: Build, as_json: bool) -> None:
    """List the queues, and which of them are paused."""
    with _reaching():
        paused = bus_of(build()).policy.paused() or frozenset()
    states = {queue.value: "paused" if queue.value in paused else "read" for queue in Queue}
    if as_json:
        print_json({"queues": [{"queue": name, "state": state} for name, state in states.items()]})
        return
    for name, state in states.items():
        click.echo(f"{name:20} {state}")


@queues.command()
@click.argument("queue", type=QUEUE)
@click.pass_obj
def pause(build: Build, queue: str) -> None:
    """Keep all workers from a queue, also those that start later; what they have begun goes on."""
    answers = _told(build, "pause_queue", {"queue": queue})
    click.echo(f"Paused {queue}: {_count(answers)} follow now, any other as it starts.")


@queues.command()
@click.argument("queue", type=QUEUE)
@click.pass_obj
def resume(build: Build, queue: str) -> None:
    """Let workers read a queue again."""
    answers = _told(build, "resume_queue", {"queue": queue})
    click.echo(f"Resumed {queue}: {_count(answers)} read it now.")


@queues.command()
@click.option("--worker", "names", multiple=True, help="Only that worker, named as in Flower; may be given again.")
@click.option(
    "--wait",
    "seconds",
    type=click.FloatRange(0, LONGEST_WAIT),
    default=0.0,
    show_default=True,
    help="Wait so many seconds until they are idle.",
)
@json_option
@click.pass_obj
def drain(build: Build, names: tuple[str, ...], seconds: float, as_json: bool) -> None:
    """Have workers receive nothing more and finish what they have; they go on with a restart only.

    Exits with 1 where some are not idle when the time is over.
    """
    until = time.monotonic() + seconds
    while True:
        answers = _told(build, "drain", {}, names or None)
        missing = sorted(set(names) - set(answers))
        if missing:
            raise click.ClickException(f"These workers do not answer: {', '.join(missing)}")
        busy = {name: said for name, said in answers.items() if not said.get("ok", {}).get("idle")}
        if not busy or not time.monotonic() < until:
            break
        time.sleep(_ASK_AGAIN_SECONDS)
    _show_progress(answers, as_json=as_json)
    if not answers:
        raise click.ClickException("No worker answers.")
    if busy:
        raise click.exceptions.Exit(1)


def _show_progress(answers: dict[str, dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json({"workers": [{"worker": name, **answers[name]} for name in sorted(answers)]})
        return
    for name in sorted(answers):
        say(f"{name}  {_progress(answers[name])}")


def _progress(said: dict[str, Any]) -> str:
    figures = said.get("ok")
    if figures is None:
        return str(said.get("error", "no answer"))
    return "idle" if figures["idle"] else f"{figures['running']} running, {figures['waiting']} waiting"


def _told(
    build: Build, command: str, arguments: dict[str, Any], names: tuple[str, ...] | None = None
) -> dict[str, dict[str, Any]]:
    """Tell workers, and return what each answered.

    Raises:
        ClickException: Redis does not answer; nothing was changed.
    """
    with _reaching():
        answers = build().control.broadcast(
            command, arguments=arguments, destination=names, reply=True, timeout=ANSWER_SECONDS
        )
    return {name: said for one in answers or [] for name, said in one.items()}


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (RedisError, OperationalError, OSError) as problem:
        raise click.ClickException(f"Redis does not answer, nothing was changed: {problem}") from problem


def _count(answers: dict[str, dict[str, Any]]) -> str:
    followed = sum("ok" in said for said in answers.values())
    return f"{followed} worker" if followed == 1 else f"{followed} workers"
