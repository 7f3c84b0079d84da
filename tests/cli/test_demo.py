import asyncio
import json
from pathlib import Path

import click
import pytest

from cli.demo_people import Heard, Person, Said
from cli.demo_platform import RunningPlatform, find_platform
from cli.demo_report import faults_of, storage_faults
from cli.demo_storage import Stored
from speaktracker_client.client import SpeakTracker
from speaktracker_client.models import Ack, Message


def said(seq: int) -> Said:
    return Said(Ack(f"r{seq}", f"m{seq}", seq, f"2026-01-01T00:00:0{seq}.000Z"), 1.0, 1.1)


def heard(seq: int) -> Heard:
    message = Message(f"m{seq}", "room", "ann", "Hello", "TEXT", f"2026-01-01T00:00:0{seq}.000Z", seq)
    return Heard(message, 1.05)


def person(*seqs: int) -> Person:
    return Person("Ann", "ann", SpeakTracker("http://127.0.0.1:1"), heard=[heard(seq) for seq in seqs])


def stored(*seqs: int, seconds: float = 0.1) -> Stored:
    return Stored([(f"m{seq}", seq, f"2026-01-01T00:00:0{seq}.000Z") for seq in seqs], seconds)


EVERYTHING = [said(1), said(2), said(3)]


@pytest.mark.parametrize(
    ("seqs", "fault"),
    [
        ((1, 2), "1 missing"),
        ((1, 2, 2, 3), "1 doubled"),
        ((1, 3, 2), "breaks in seq"),
        ((1, 2, 3, 4), "nobody was acknowledged for"),
        ((), "3 missing"),
    ],
)
def test_whatever_is_wrong_is_found(seqs: tuple[int, ...], fault: str) -> None:
    assert any(fault in sentence for sentence in faults_of(person(*seqs), EVERYTHING))
    assert any(fault in sentence for sentence in storage_faults(stored(*seqs), EVERYTHING))


def test_what_is_right_has_no_fault() -> None:
    assert faults_of(person(1, 2, 3), EVERYTHING) == []
    assert storage_faults(stored(1, 2, 3), EVERYTHING) == []


def test_another_place_than_acknowledged_and_lateness_are_faults() -> None:
    moved = Stored([*stored(1, 2).messages, ("m3", 3, "2026-01-01T00:00:09.000Z")], 0.1)
    assert "DynamoDB has another seq or createdAt than was acknowledged" in storage_faults(moved, EVERYTHING)
    assert storage_faults(stored(1, 2, 3, seconds=5.1), EVERYTHING) == ["DynamoDB did not have everything within 5 s"]


def running(directory: Path, addresses: dict[str, str]) -> RunningPlatform:
    state = {"addresses": addresses, "aws": {"region": "ap-northeast-2", "table": "ChatTable"}}
    (directory / "state.json").write_text(json.dumps(state))
    return find_platform(directory)


def test_the_platform_is_found_by_its_run_directory(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match="make run"):
        find_platform(tmp_path)
    with pytest.raises(click.ClickException, match="embedded platform"):
        running(tmp_path, {"web": "http://127.0.0.1:8000"})
    found = running(tmp_path, {"web": "http://127.0.0.1:8000", "aws": "http://127.0.0.1:4566"})

    assert (found.base, found.table) == ("http://127.0.0.1:8000", "ChatTable")
    assert found.settings.aws_endpoint_url == "http://127.0.0.1:4566"


def test_the_newest_code_of_an_e_mail_is_read(tmp_path: Path) -> None:
    platform = running(tmp_path, {"web": "http://127.0.0.1:8000", "aws": "http://127.0.0.1:4566"})
    codes = [("ann@example.com", "111111"), ("ben@example.com", "222222"), ("ann@example.com", "333333")]
    lines = [json.dumps({"event": "verification_code", "email": email, "code": code}) for email, code in codes]
    platform.log.write_text("\n".join([*lines, "not JSON", '{"event":"verification_code","em']))

    assert asyncio.run(platform.code_sent_to("ann@example.com")) == "333333"
