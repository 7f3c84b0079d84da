"""What a load refuses, who does what in it, and how promises are judged; learners themselves need a platform."""

from collections import Counter
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli.loading.command import load
from cli.loading.counting import added_up, counters, difference, of_both, told_by
from cli.loading.learners import ROOM_OF, shares
from cli.loading.people import Login, read_logins, require_loopback
from cli.loading.record import DELIVERED, MESSAGE, PROMISES, Record, verdict_on
from cli.scaling.habits import LISTEN, PARTNER, PRACTISE, TALK
from speaktracker_client.errors import RateLimited, Unavailable


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://localhost:1", "http://[::1]:8000", "http://127.9.9.9"]
)
def test_this_machine_may_be_loaded(address: str) -> None:
    require_loopback(address, anywhere=False)


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1", "https://example.com", "http://localhost.example.com", "http://0.0.0.0:80"]
)
def test_another_machine_is_refused_until_somebody_says_that_it_is_theirs(address: str) -> None:
    told = CliRunner().invoke(load, [address])
    assert (told.exit_code, "--beyond-this-machine" in told.output) == (1, True)
    require_loopback(address, anywhere=True)


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "ftp://127.0.0.1", "http://"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(click.ClickException, match="no address of a platform"):
        require_loopback(address, anywhere=True)


def test_of_three_hundred_ten_practise_ten_are_with_the_partner_and_one_in_six_talks() -> None:
    assert shares(300, None) == {TALK: 47, LISTEN: 233, PRACTISE: 10, PARTNER: 10}
    for count in (1, 6, 30, 1000):
        told = shares(count, None)
        assert sum(told.values()) == count
        assert told[LISTEN] <= told[TALK] * (ROOM_OF - 1)
    assert shares(12, TALK) == shares(12, LISTEN) == {TALK: 2, LISTEN: 10}
    assert shares(7, PRACTISE) == {PRACTISE: 7}


def test_accounts_are_read_and_too_few_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("a@example.com,one\nb@example.com,two\n")
    assert read_logins(path, 2) == [Login("a@example.com", "one"), Login("b@example.com", "two")]
    with pytest.raises(click.ClickException, match="has 2 accounts, 3 are needed"):
        read_logins(path, 3)
    path.write_text("a@example.com\n")
    with pytest.raises(click.ClickException, match="every line"):
        read_logins(path, 1)


def test_only_what_happens_while_it_is_measured_counts() -> None:
    record = Record()
    record.add(MESSAGE, 1.0)
    record.is_open = True
    with record.timed(MESSAGE):
        pass
    with record.timed(MESSAGE):
        raise Unavailable({"error": "UNAVAILABLE"})
    with record.timed(MESSAGE):
        raise RateLimited({"error": "RATE_LIMITED"})
    record.add(DELIVERED, 0.1)

    assert (len(record.seconds[MESSAGE]), record.limited) == (1, 1)
    assert record.failures == Counter({"message: Unavailable UNAVAILABLE": 1})
    assert record.available == 0.5
    assert [one.promise.name for one in record.verdicts()] == [MESSAGE, DELIVERED]


def test_a_promise_is_kept_by_the_share_that_is_promised() -> None:
    delivered = next(one for one in PROMISES if one.name == DELIVERED)
    good, bad = [0.1] * 99 + [0.5], [0.1] * 98 + [0.5, 0.5]
    assert verdict_on(delivered, good).is_kept
    assert not verdict_on(delivered, bad).is_kept
    assert verdict_on(delivered, [0.1]).p99 == 0.1


def test_a_program_that_is_silent_for_a_moment_is_left_out_on_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    assert told_by("beat", "http://127.0.0.1:9/metrics") == {}
    assert capsys.readouterr().err == "beat tells no counts: ConnectError.\n"
    before, after = of_both({"beat": {"a": 5.0}, "web": {"a": 1.0}}, {"web": {"a": 4.0}})
    assert difference(added_up(before), added_up(after)) == {"a": 3.0}


def testcounters_are_read_by_name_and_labels_and_gauges_are_not() -> None:
    text = (
        "# TYPE speaktracker_aws_calls_total counter\n"
        'speaktracker_aws_calls_total{service="sqs",operation="SendMessage"} 5.0\n'
        "# TYPE speaktracker_connections gauge\nspeaktracker_connections 7.0\n"
        "# TYPE speaktracker_job_seconds histogram\n"
        'speaktracker_job_seconds_bucket{task="a",le="+Inf"} 2.0\n'
        'speaktracker_job_seconds_count{task="a"} 2.0\nspeaktracker_job_seconds_sum{task="a"} 0.5\n'
        "# TYPE python_gc_total counter\npython_gc_total 3.0\n"
    )
    found = dict(counters(text))
    assert found == {
        "aws_calls{operation=SendMessage,service=sqs}": 5.0,
        "job_seconds_count{task=a}": 2.0,
        "job_seconds_sum{task=a}": 0.5,
    }
    assert difference({"a": 1.0, "b": 2.0}, {"a": 4.0, "b": 2.0, "c": 1.0}) == {"a": 3.0, "c": 1.0}
