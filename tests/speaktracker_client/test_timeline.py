from hypothesis import given
from hypothesis import strategies as st

from speaktracker_client.models import Message, Place
from speaktracker_client.timeline import Timeline


def message(seq: int) -> Message:
    return Message(f"m{seq}", "room", "ann", str(seq), "TEXT", f"2026-01-01T00:00:{seq:02}.000Z", seq)


@given(st.lists(st.integers(1, 20), max_size=60))
def test_whatever_comes_in_whatever_order_is_delivered_once_without_a_gap(seqs: list[int]) -> None:
    timeline = Timeline(Place("epoch", 0))
    delivered = [one.seq for seq in seqs for one in timeline.offer(message(seq)) or []]

    assert delivered == list(range(1, len(delivered) + 1))


@given(
    st.integers(0, 10), st.integers(0, 10), st.lists(st.integers(1, 20), max_size=20), st.sampled_from(["old", "new"])
)
def test_a_reload_fills_what_is_missing(heard: int, more: int, pushed: list[int], epoch: str) -> None:
    timeline = Timeline(Place("old", 0))
    delivered = [one.seq for seq in range(1, heard + 1) for one in timeline.offer(message(seq)) or []]
    timeline.reload()
    last_seq = heard + more
    assert all(timeline.offer(message(seq)) == [] for seq in sorted(pushed))
    found = timeline.reloaded([message(seq) for seq in range(1, last_seq + 1)], epoch, last_seq)
    delivered += [one.seq for one in found or []]

    if found is not None:
        assert delivered == list(range(1, len(delivered) + 1))
        assert len(delivered) >= last_seq
        assert timeline.place is not None
        assert timeline.place.epoch == epoch
