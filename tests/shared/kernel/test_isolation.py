"""What fails costs itself, or is taken back."""

import pytest

from shared.kernel.isolation import isolated, on_fault, undoing


def test_a_fault_is_told_and_goes_no_further(capsys: pytest.CaptureFixture[str]) -> None:
    with isolated("one.failed", number=7):
        raise OSError("gone")
    assert "one.failed" in "".join(capsys.readouterr())  # a test of the command line may have sent logs to stderr


def test_the_end_of_a_thread_is_no_fault() -> None:
    with pytest.raises(SystemExit), isolated("one.failed"):
        raise SystemExit


@pytest.mark.parametrize("fault", [ValueError, SystemExit])
def test_what_failed_is_taken_back_and_fails_on(fault: type[BaseException]) -> None:
    undone: list[int] = []
    with pytest.raises(fault), undoing(undone.append, 1):
        raise fault
    with undoing(undone.append, 2):
        pass
    assert undone == [1]


@pytest.mark.parametrize(("raised", "told"), [(ValueError, ["ValueError"]), (SystemExit, [])])
def test_a_fault_is_passed_on_to_what_frees_and_fails_on(raised: type[BaseException], told: list[str]) -> None:
    heard: list[str] = []
    with pytest.raises(raised), on_fault(lambda fault: heard.append(type(fault).__name__)):
        raise raised
    with on_fault(lambda fault: heard.append("nothing failed")):
        pass
    assert heard == told
