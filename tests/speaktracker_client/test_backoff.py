from speaktracker_client.backoff import Backoff


def test_waits_lie_anywhere_below_a_bound_that_doubles() -> None:
    backoff = Backoff(first=1.0, longest=8.0)
    waits = {attempt: [backoff.seconds(attempt) for _ in range(2_000)] for attempt in (0, 2, 9)}

    assert max(waits[0]) <= 1.0
    assert max(waits[2]) <= 4.0 < max(waits[9]) <= 8.0
    assert min(waits[9]) < 0.5
    assert 3.5 < sum(waits[9]) / 2_000 < 4.5
