"""The simulator against closed forms and conservation; policies, instances, curves and what is printed."""

import json
import xml.etree.ElementTree
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import mean, pvariance

import click
import pytest
from click.testing import CliRunner

from cli.procfile import read_procfile
from cli.scaling.day import cheaper, simulate_group
from cli.scaling.fleet import Fleet
from cli.scaling.group_day import Simulation
from cli.scaling.habits import DAY_SECONDS, HABITS, curve_of, evening_curve, read_curve
from cli.scaling.prices import read_prices
from cli.scaling.queueing import Line, poisson
from cli.scaling.simulating import simulate
from cli.scaling.tracking import Tracker
from shared.domains.operations.rules.showing import WAITED_TOO_LONG
from shared.kernel.queues import Queue
from shared.kernel.scaling import GROUPS, ScalingPolicy, WorkerGroup, backlog_per_worker

ROOT = Path(__file__).resolve().parents[3]


def group(places: int = 1, service: float = 1.0, least: int = 1, most: int = 1, **fields: object) -> WorkerGroup:
    made = WorkerGroup(
        "trial", (Queue.TTS,), places, service, 5.0, 0.95, ScalingPolicy(0.6, 1e9, least, most), workers_per_instance=1
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def simulation(trial: WorkerGroup, running: int = 1, step: float = 1.0) -> Simulation:
    return Simulation(trial, Tracker(trial.policy), running=running, step=step)


@pytest.mark.parametrize("load", [0.5, 0.8])
def test_waits_are_those_of_an_m_d_1_queue(load: float) -> None:
    found = simulation(group(), step=0.1).run(lambda _: load, 12_000, seed=1)

    assert found.waited_seconds / found.arrived == pytest.approx(load / (2 * (1 - load)), rel=0.12)


def test_waits_are_those_of_an_m_d_4_queue() -> None:
    """Half of M/M/4's by Erlang C, with the correction of Cosmetatos (1975): 0.386 of a service time at load 0.8."""
    found = simulation(group(places=4), step=0.1).run(lambda _: 3.2, 10_000, seed=2)

    assert found.waited_seconds / found.arrived == pytest.approx(0.386, rel=0.12)


def test_jobs_shorter_than_a_step_are_bound_by_the_rate() -> None:
    short = group(places=16, service=0.05, jobs_per_second=60.0)
    kept_up, fallen_behind = (simulation(short).run(lambda _, rate=rate: rate, 1000, seed=3) for rate in (50, 80))

    assert kept_up.left < 60
    assert fallen_behind.left == pytest.approx(20 * 1000, rel=0.05)
    found_at = fallen_behind.moments[-1].at
    assert fallen_behind.longest_wait == pytest.approx(found_at * 20 / 80, rel=0.05)


@pytest.mark.parametrize("service", [0.05, 4.0])
def test_no_job_is_lost_or_made_while_a_group_grows_and_shrinks(service: float) -> None:
    trial = group(places=2, service=service, least=0, most=50)
    running = simulation(trial, running=0)
    found = running.run(lambda now: 30.0 if 600 < now < 3000 else 0.1, 7200, seed=4)

    assert found.arrived == running.line.taken + running.line.waiting
    assert running.line.taken == found.done + (round(running.servers.in_flight) if service > 1 else 0)
    assert found.most_instances > 1


def test_the_drain_of_a_burst_takes_as_long_as_its_work() -> None:
    burst = simulation(group(places=4, service=2.0, most=1))
    burst.advance(100, 1.0)
    now = 1.0
    while burst.line.waiting or burst.servers.in_flight:
        now += 1.0
        burst.advance(0, now)

    assert now - 1.0 == 100 / 4 * 2.0


def test_poisson_has_its_mean_and_variance() -> None:
    random = Random(5)
    for expected in (0.3, 5.0, 40.0):
        drawn = [poisson(expected, random) for _ in range(5000)]
        assert mean(drawn) == pytest.approx(expected, rel=0.1)
        assert pvariance(drawn) == pytest.approx(expected, rel=0.15)


def test_who_came_first_is_taken_first_and_lateness_is_counted() -> None:
    line = Line(wait_seconds=5.0)
    line.join(2, 0.0)
    line.join(3, 4.0)
    assert (line.take(3, 6.0), line.late, line.oldest(6.0)) == (3, 2, 2.0)
    assert (line.overdue(9.5), line.take(9, 9.5), line.late) == (2, 2, 4)
    assert line.waited_seconds == 2 * 6 + 2 + 2 * 5.5


def test_a_group_grows_after_three_minutes_and_shrinks_after_fifteen() -> None:
    tracker = Tracker(ScalingPolicy(0.5, 100.0, 1, 20))
    assert [tracker.wanted(1.0, 0.0, 2, 2) for _ in range(3)] == [2, 2, 4]
    assert [tracker.wanted(0.1, 0.0, 4, 4) for _ in range(15)] == [4] * 14 + [1]
    assert [tracker.wanted(0.47, 0.0, 4, 4) for _ in range(30)] == [4] * 30


def test_an_old_message_adds_instances_at_once_within_the_bounds() -> None:
    tracker = Tracker(ScalingPolicy(0.5, 100.0, 1, 5))
    assert tracker.wanted(0.5, 101.0, 2, 2) == 3
    assert tracker.wanted(0.5, 101.0, 4, 4) == 5


def test_a_group_that_is_gone_comes_back_for_whatever_waits() -> None:
    tracker = Tracker(ScalingPolicy(0.9, 900.0, 0, 5))
    assert tracker.wanted(0.0, 0.0, 0, 0) == 0
    assert tracker.wanted(0.02, 10.0, 0, 0) == 1


def test_instances_are_paid_for_from_their_start_to_the_end_of_their_drain() -> None:
    fleet = Fleet(1, start_seconds=10, drain_seconds=5)
    fleet.follow(3, now=0)
    for now in range(1, 11):
        fleet.advance(now, 1.0)
        assert fleet.running == (1 if now < 10 else 3)
    fleet.follow(1, now=10)
    for now in range(11, 21):
        fleet.advance(now, 1.0)
    assert (fleet.running, fleet.billed, fleet.billed_seconds) == (1, 1, 10 * 3 + 4 * 3 + 6 * 1)


def test_instances_that_have_not_started_are_given_up_first() -> None:
    fleet = Fleet(2, start_seconds=10, drain_seconds=5)
    fleet.follow(5, now=0)
    fleet.follow(3, now=1)
    fleet.advance(10, 1.0)
    assert (fleet.running, fleet.billed) == (3, 3)


def test_backlog_is_one_where_workers_do_all_that_they_can() -> None:
    trial = group(places=4, service=2.0)
    assert backlog_per_worker(trial, 0, 8, 2, trial.rate) == 1.0
    assert backlog_per_worker(trial, 120, 0, 1, 2.0) == 1.0
    assert backlog_per_worker(trial, 120, 0, 0, 2.0) == 1.0


def test_what_a_worker_fetched_ahead_waits_and_does_not_want_a_worker_for_each_place() -> None:
    storing = next(one for one in GROUPS if one.name == "worker-persistence")
    assert storing.busy_places == 3.0
    assert backlog_per_worker(storing, 0, 43, 1, storing.rate) == 1 + 40 / (60 * 60)


def test_a_busy_group_without_backlog_keeps_its_instances() -> None:
    trial = group(places=40, service=4.0, least=1, most=20)
    found = simulation(trial, running=10).run(lambda _: 60.0, 7200, seed=6)
    assert {one.running for one in found.moments} <= set(range(10, 13))


def test_places_and_queues_are_those_of_the_procfile() -> None:
    commands = read_procfile(ROOT / "Procfile")
    told = {name: command for name, command in commands.items() if " -Q " in command}
    assert {one.name for one in GROUPS} == set(told)
    for one in GROUPS:
        words = told[one.name].split()
        assert int(words[words.index("--concurrency") + 1]) == one.places
        assert tuple(words[words.index("-Q") + 1].split(",")) == tuple(queue.value for queue in one.queues)
        assert one.policy.oldest_seconds == min(WAITED_TOO_LONG[queue] for queue in one.queues)


def test_every_habit_gives_jobs_to_groups_that_there_are() -> None:
    names = {one.name for one in GROUPS}
    assert all(set(habit.jobs) <= names for habit in HABITS)
    assert sum(habit.share for habit in HABITS) == pytest.approx(1.0, abs=0.01)


def test_a_curve_goes_straight_from_point_to_point_and_round_the_day(tmp_path: Path) -> None:
    shape = curve_of([(6 * 3600.0, 0.0), (18 * 3600.0, 1.0)])
    assert [shape(hour * 3600.0) for hour in (6, 12, 18, 0, 30)] == [0.0, 0.5, 1.0, 0.5, 0.0]
    path = tmp_path / "curve.csv"
    path.write_text("# a day\n06:00,0\n18:00,1\n")
    assert read_curve(path)(12 * 3600.0) == 0.5
    assert max(evening_curve()(second) for second in range(0, int(DAY_SECONDS), 600)) == 1.0


@pytest.mark.parametrize("text", ["", "25:00,1\n", "06:00\n", "06:00,two\n", "06:00,1.5\n"])
def test_a_curve_that_is_none_is_refused_by_its_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "curve.csv"
    path.write_text(text)
    with pytest.raises(click.ClickException, match=r"curve\.csv"):
        read_curve(path)


def test_the_cheapest_policy_that_is_found_keeps_the_objective_and_costs_no_more() -> None:
    speech = next(one for one in GROUPS if one.name == "worker-speech")
    prices, shape = read_prices(), evening_curve()
    own, found = simulate_group(speech, 300, shape), cheaper(speech, 300, shape, prices)
    assert found.is_kept
    assert not own.is_kept or found.instance_seconds <= own.instance_seconds


def test_a_day_is_told_as_a_table_as_json_and_as_a_picture(tmp_path: Path) -> None:
    asked = ["--learners", "10", "--plot", str(tmp_path)]
    told = CliRunner().invoke(simulate, asked)
    assert told.exit_code == 0, told.output
    assert "every objective is kept" in told.output
    drawn = xml.etree.ElementTree.parse(tmp_path / "day-10.svg").getroot()
    assert len(drawn) == 4
    day = json.loads(CliRunner().invoke(simulate, ["--learners", "10", "--json"]).output)
    assert {row["group"] for row in day["groups"]} == {one.name for one in GROUPS}


def test_a_price_list_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "prices.json").write_text('{"asOf": "2026-01-01", "region": "r", "prices": {"a": {}}}')
    told = CliRunner().invoke(simulate, ["--learners", "10", "--prices", str(tmp_path / "prices.json")])
    assert (told.exit_code, "is no price list" in told.output) == (1, True)
