"""Counts become quantities, quantities money: by hand-made runs whose sums are known."""

import json
from pathlib import Path

import click
import pytest

from cli.scaling.costing import MIX, hours, priced
from cli.scaling.counts import per_action, read_runs
from cli.scaling.habits import HABITS, PRACTISE, TALK
from cli.scaling.prices import LIST, read_prices

IDLE_COUNTS = {"aws_calls{operation=ReceiveMessage,outcome=ok,service=sqs}": 60.0}


def keep(folder: Path, name: str, only: str | None, actions: int, counts: dict[str, float], learners: int = 5) -> None:
    told = {"only": only, "learners": learners, "seconds": 60.0, "actions": {only: actions} if only else {}}
    (folder / f"{name}.json").write_text(json.dumps(told | {"counts": counts}))


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    for number, habit in enumerate(one for one in HABITS if one.is_loaded):
        keep(tmp_path, str(number), habit.name, 10, {"aws_calls{operation=SendMessage,outcome=ok,service=sqs}": 90.0})
    keep(tmp_path, "idle", None, 0, IDLE_COUNTS, learners=0)
    return tmp_path


def test_what_the_platform_does_by_itself_is_taken_off(runs: Path) -> None:
    found = read_runs(runs)
    assert per_action(found[TALK], found["idle"])["sqs.standard.million"] == pytest.approx(3 / 1e6)


def test_units_are_told_apart_by_reads_and_writes_and_short_recordings_are_paid_as_fifteen_seconds(runs: Path) -> None:
    counts = {
        "dynamodb_capacity_units{operation=Query}": 20.0,
        "dynamodb_capacity_units{operation=PutItem}": 40.0,
        "aws_calls{operation=GetObject,outcome=ok,service=s3}": 10.0,
        "aws_calls{operation=PutObject,outcome=ok,service=s3}": 30.0,
        "heard_seconds": 40.0,
        "model_tokens{direction=input}": 1000.0,
        "model_tokens{direction=output}": 200.0,
    }
    keep(runs, "2", PRACTISE, 10, counts)
    found = read_runs(runs)
    used = per_action(found[PRACTISE], found["idle"])

    assert (used["dynamodb.read.million"] * 1e6, used["dynamodb.write.million"] * 1e6) == pytest.approx((2.0, 4.0))
    assert (used["s3.get.million"] * 1e6, used["s3.put.million"] * 1e6) == pytest.approx((1.0, 3.0))
    assert used["transcribe.minute"] == pytest.approx(0.25)
    assert priced(used, read_prices())["Bedrock"] == pytest.approx((100 * 0.8 + 20 * 4.0) / 1e6)


def test_the_mix_is_the_habits_by_their_shares(runs: Path) -> None:
    found = hours(runs, read_prices())
    by_hand = sum(found[habit.name]["SQS"] * habit.share for habit in HABITS if habit.is_loaded)
    assert found[MIX]["SQS"] == pytest.approx(by_hand)
    assert found[TALK]["SQS"] == pytest.approx(180 * 3 * 0.5 / 1e6)


def test_every_price_names_the_page_that_counts_and_the_large_ones_were_read() -> None:
    listed = json.loads(LIST.read_text("utf-8"))["prices"]
    assert all(price["source"].startswith("https://aws.amazon.com/") and price["usd"] > 0 for price in listed.values())
    prices = read_prices()
    read = {"ec2.c6i.large.hour", "polly.characters.million", "bedrock.input.million", "bedrock.output.million"}
    assert not read & prices.unread
    assert "s3.get.million" in prices.unread


def test_a_run_that_is_missing_or_empty_is_named(runs: Path) -> None:
    (runs / "idle.json").unlink()
    with pytest.raises(click.ClickException, match="no run of: idle"):
        read_runs(runs)
    keep(runs, "idle", None, 0, {}, learners=0)
    keep(runs, "2", PRACTISE, 0, {})
    with pytest.raises(click.ClickException, match="Nothing was done in the run of: practise"):
        read_runs(runs)
    (runs / "2.json").write_text("[]")
    with pytest.raises(click.ClickException, match="is no run of a load"):
        read_runs(runs)
