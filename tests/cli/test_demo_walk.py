"""A demo ends by what was wrong, shows what others said as it is, and leaves nobody connected."""

import asyncio
from pathlib import Path

import click
import pytest

from cli.demo_people import Person
from cli.demo_platform import RunningPlatform
from cli.demo_walk import Walk, milliseconds
from shared.kernel.settings import Settings
from speaktracker_client.client import SpeakTracker
from speaktracker_client.errors import Forbidden, Refused, SpeakTrackerError

NOWHERE = "http://127.0.0.1:1"
PLATFORM = RunningPlatform(
    NOWHERE, "ChatTable", Path("log.jsonl"), Settings(aws_endpoint_url=NOWHERE, cursor_key="k" * 32)
)


class Leaving(Person):
    """Somebody who notes when they have gone."""

    has_gone = False

    async def go(self) -> None:
        await super().go()
        self.has_gone = True


class Trial(Walk):
    goal = "All was well."

    def __init__(self, fault: str | None = None, problem: Exception | None = None) -> None:
        super().__init__(PLATFORM)
        self.fault, self.problem = fault, problem
        self.ann = Leaving("Ann", "ann", SpeakTracker(NOWHERE))

    async def walk(self) -> None:
        self.people.append(self.ann)
        self.quote("Partner:", "[bold]\x1b[2J", notes=["[/]"])
        self.check(self.fault is None, self.fault or "")
        if self.problem:
            raise self.problem


async def refusing(problem: SpeakTrackerError | None) -> None:
    if problem:
        raise problem


def test_a_good_end_says_its_goal_and_everybody_has_gone(capsys: pytest.CaptureFixture[str]) -> None:
    trial = Trial()
    trial.take()
    assert capsys.readouterr().out.splitlines() == ["Partner: [bold]\\x1b[2J", "  [/]", "All was well."]
    assert trial.ann.has_gone


def test_a_fault_is_shown_as_it_is_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(click.exceptions.Exit) as end:
        Trial(fault="miscounted: [1, 0] [/]").take()
    assert end.value.exit_code == 1
    assert capsys.readouterr().out.splitlines()[-1] == "miscounted: [1, 0] [/]"


def test_whatever_ends_a_walk_everybody_has_gone() -> None:
    trial = Trial(problem=Refused({"error": "CONFLICT"}))
    with pytest.raises(Refused):
        trial.take()
    assert trial.ann.has_gone


def test_what_must_be_refused_and_is_not_is_a_fault() -> None:
    async def tried() -> tuple[str, list[str]]:
        trial = Trial()
        said = await trial.require_refusal(refusing(Forbidden({"message": "no"})), "it was let in", Forbidden)
        await trial.require_refusal(refusing(None), "it was let in", Forbidden)
        await trial.http.aclose()
        return said, trial.faults

    assert asyncio.run(tried()) == ("INTERNAL_SERVER_ERROR: no", ["it was let in"])


def test_an_answer_is_waited_for_and_the_last_one_returned() -> None:
    async def tried() -> tuple[int, int]:
        trial, asked = Trial(), iter(range(100))

        async def ask() -> int:
            return next(asked)

        found = (
            await trial.until(ask, lambda number: number == 2, seconds=30),
            await trial.until(ask, lambda _: False, seconds=0),
        )
        await trial.http.aclose()
        return found

    assert asyncio.run(tried()) == (2, 3)


def test_times_are_shown_in_milliseconds() -> None:
    assert (milliseconds(0.0124), milliseconds(None)) == ("12", "–")
