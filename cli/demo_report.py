"""Judges what the people of the demo saw, and shows it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from rich.console import Console

from cli.demo_people import Person, Said
from cli.demo_storage import STORED_SECONDS, Stored
from cli.printing import table


def faults_of(person: Person, expected: Iterable[Said]) -> list[str]:
    """Return what a person missed, heard twice or heard out of order, as sentences; none where all is well."""
    ids = Counter(one.message.message_id for one in person.heard)
    wanted = {said.ack.message_id for said in expected}
    places = [(one.message.seq, one.message.created_at) for one in person.heard]
    return _faults(person.name, ids, wanted, places)


def storage_faults(stored: Stored, expected: Sequence[Said]) -> list[str]:
    """Return what DynamoDB lacks, has twice, in another order or too late."""
    ids = Counter(message_id for message_id, _, _ in stored.messages)
    wanted = {said.ack.message_id for said in expected}
    places = [(seq, created_at) for _, seq, created_at in stored.messages]
    faults = _faults("DynamoDB", ids, wanted, places)
    acked = {said.ack.message_id: (said.ack.seq, said.ack.created_at) for said in expected}
    if any(
        acked.get(message_id, place) != place for (message_id, *_), place in zip(stored.messages, places, strict=True)
    ):
        faults.append("DynamoDB has another seq or createdAt than was acknowledged")
    if stored.seconds > STORED_SECONDS:
        faults.append(f"DynamoDB did not have everything within {STORED_SECONDS:.0f} s")
    return faults


def _faults(where: str, ids: Counter[str], wanted: set[str], places: list[tuple[int, str]]) -> list[str]:
    missing, foreign = len(wanted - ids.keys()), len(ids.keys() - wanted)
    doubled = sum(count - 1 for count in ids.values())
    return [
        f"{where}: {count} {what}"
        for count, what in (
            (missing, "missing"),
            (foreign, "that nobody was acknowledged for"),
            (doubled, "doubled"),
            (sum(after[0] != before[0] + 1 for before, after in pairwise(places)), "breaks in seq"),
            (sum(after[1] <= before[1] for before, after in pairwise(places)), "breaks in createdAt"),
        )
        if count
    ]


def show_people(console: Console, people: Sequence[Person], expected: Sequence[Said]) -> None:
    """Show what each said and heard."""
    headers = ("", "said", "acknowledged", "heard", "seq", "missing, doubled, out of order")
    saw = table(*headers, title="What each saw")
    for person in people:
        seqs = [one.message.seq for one in person.heard]
        count, faults = str(len(person.said)), faults_of(person, expected)
        span = f"{seqs[0]} to {seqs[-1]}" if seqs else ""
        saw.add_row(person.name, count, count, str(len(seqs)), span, "; ".join(faults) or "nothing")
    console.print(saw)


def show_times(console: Console, people: Sequence[Person], steady: Sequence[Said]) -> None:
    """Show how long acknowledgement and delivery took for what was said while all were connected."""
    took = table("", "messages", "p50", "max", title="How long it took (milliseconds from sending)")
    sent = {said.ack.message_id: said.sent_at for said in steady}
    for person in people:
        mine = [said for said in steady if said in person.said]
        took.add_row(f"{person.name} is acknowledged", *_figures([said.acked_at - said.sent_at for said in mine]))
        own = {said.ack.message_id for said in mine}
        for whose, ids in (("own", own), ("the other's", sent.keys() - own)):
            times = [one.at - sent[one.message.message_id] for one in person.heard if one.message.message_id in ids]
            took.add_row(f"{person.name} sees {whose}", *_figures(times))
    console.print(took)


def _figures(seconds: Sequence[float]) -> tuple[str, str, str]:
    if not seconds:
        return "0", "", ""
    return str(len(seconds)), f"{median(seconds) * 1000:.1f}", f"{max(seconds) * 1000:.1f}"
