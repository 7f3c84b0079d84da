"""What fails costs itself, or is taken back."""

import pytest

from shared.kernel.isolation import isolated, undoing


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
