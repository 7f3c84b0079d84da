"""`speaktracker load`: so many learners at a platform for a bounded time, and the objectives kept or broken."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import click

from cli.loading.counting import Counts, added_up, addresses_of, difference, of_both, told_by
from cli.loading.crowd import Crowd
from cli.loading.learners import shares
from cli.loading.people import make_logins, read_logins, require_loopback
from cli.loading.record import AVAILABLE, Record, Verdict
from cli.options import json_option, run_directory
from cli.printing import console, print_json, say, table
from cli.refusals import Refusing
from cli.scaling.habits import LISTEN, PARTNER, PRACTISE, TALK

MOST_LEARNERS = 5_000
MOST_SECONDS = 3_600.0


@click.command("load", cls=Refusing)
@click.argument("url")
@click.option("--learners", type=click.IntRange(0, MOST_LEARNERS), default=30, show_default=True, help="How many.")
@click.option(
    "--seconds",
    type=click.FloatRange(1, MOST_SECONDS),
    default=60.0,
    show_default=True,
    help="How long it is measured.",
)
@click.option("--only", type=click.Choice([TALK, LISTEN, PRACTISE, PARTNER]), help="All do one thing, not the mix.")
@click.option("--pace", type=click.FloatRange(0.1, 10), default=1.0, show_default=True, help="Twice is twice as often.")
@click.option("--accounts", type=click.Path(exists=True, path_type=Path), help="Lines of `email,password` to sign in.")
@click.option("--beyond-this-machine", "anywhere", is_flag=True, help="URL may be another machine's, which I operate.")
@click.option("--counts", type=click.Path(path_type=Path), help="Write what the platform counted meanwhile as JSON.")
@json_option
@run_directory("The run directory of the platform, for accounts and counts.")
def load(
    url: str,
    learners: int,
    seconds: float,
    only: str | None,
    pace: float,
    accounts: Path | None,
    anywhere: bool,
    counts: Path | None,
    as_json: bool,
    directory: Path,
) -> None:
    """Sign learners in at URL who talk, listen, practise and ask the partner, and say which objectives are kept.

    Of 300 learners ten practise and ten are with the partner at once; the others are in rooms of six. Without
    --accounts they are made in the user pool of the platform that runs here. With --learners 0, counts are of what the
    platform does by itself. Exits with 1 where an objective is broken.
    """
    require_loopback(url, anywhere=anywhere)
    logins = read_logins(accounts, learners) if accounts else make_logins(directory, learners)
    addresses = addresses_of(directory) if counts else {}
    crowd = Crowd(url.rstrip("/"), logins, pace, only)
    frames: list[dict[str, Counts]] = []
    cores: list[float] = []

    def frame() -> None:
        frames.append({name: found for name, address in addresses.items() if (found := told_by(name, address))})
        cores.append(time.process_time() / seconds)

    if not as_json:
        habits = ", ".join(f"{count} {habit}" for habit, count in shares(learners, only).items())
        say(f"{learners} learners: {habits}.")
    began = time.monotonic()
    asyncio.run(crowd.stay(seconds, frame, frame))
    if counts:
        told: dict[str, Any] = {"learners": learners, "seconds": seconds, "only": only, "actions": crowd.actions()}
        _write(counts, told, frames, set(addresses))
    _show(crowd.record, cores[1] - cores[0], time.monotonic() - began, as_json=as_json)


def _write(path: Path, told: dict[str, Any], frames: list[dict[str, Counts]], programs: set[str]) -> None:
    """Write what was counted between two frames, and which programs are not in it."""
    both = of_both(*frames)
    told |= {"counts": difference(*map(added_up, both)), "silent": sorted(programs - set(both[0]))}
    path.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _show(record: Record, cores: float, took: float, *, as_json: bool) -> None:
    verdicts = record.verdicts()
    is_available = record.available >= AVAILABLE
    is_kept = is_available and all(one.is_kept for one in verdicts)
    if as_json:
        rows = [_row(one) for one in verdicts]
        print_json(
            {
                "kept": is_kept,
                "available": record.available,
                "failures": record.failures,
                "ownCores": round(cores, 3),
                "promises": rows,
            }
        )
    else:
        _show_table(record, verdicts)
        for what, count in record.failures.most_common():
            say(f"{count} times failed: {what}")
        told = "every objective is kept" if is_kept else "NOT every objective is kept"
        say(f"The learners themselves took {cores:.2f} of a core of this machine.")
        say(f"{told}; {record.available:.2%} did not fail (promised {AVAILABLE:.1%}); {took:.0f} s in all.")
    if not is_kept:
        raise click.exceptions.Exit(1)


def _show_table(record: Record, verdicts: list[Verdict]) -> None:
    shown = table("", "count", "median ms", "p95", "p99", "within", "promised", "")
    for one in verdicts:
        promise = one.promise
        times = [f"{seconds * 1000:.0f}" for seconds in (one.median, one.p95, one.p99)]
        promised = f"{promise.share:.0%} in {promise.seconds:g} s"
        kept = "kept" if one.is_kept else "BROKEN"
        shown.add_row(promise.what, f"{one.count:,}", *times, f"{one.within:.2%}", promised, kept)
    console().print(shown)
    if record.limited:
        say(f"{record.limited} were told to come later, by the limits that each person has.")


def _row(one: Verdict) -> dict[str, Any]:
    promise = one.promise
    return {
        "name": promise.name,
        "count": one.count,
        "medianSeconds": round(one.median, 4),
        "p95Seconds": round(one.p95, 4),
        "p99Seconds": round(one.p99, 4),
        "within": round(one.within, 5),
        "promisedShare": promise.share,
        "promisedSeconds": promise.seconds,
        "kept": one.is_kept,
    }
