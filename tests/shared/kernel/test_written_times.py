import datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.kernel.written_times import Day, Instant

DAY, INSTANT = TypeAdapter[datetime.date](Day), TypeAdapter[datetime.datetime](Instant)


def test_what_is_written_by_the_standard_is_read() -> None:
    assert DAY.validate_python("2026-03-02") == datetime.date(2026, 3, 2)
    assert INSTANT.validate_python("2026-03-02T18:00:00.5+09:00") == INSTANT.validate_python("2026-03-02T09:00:00.5Z")


@pytest.mark.parametrize(
    "text", ["0", "1772445600", "2026-03-02T00:00:00", "2026-13-02", "20260302", " 2026-03-02", "٢٠٢٦-03-02"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        DAY.validate_python(text)


@pytest.mark.parametrize(
    "text", ["0", "1772445600", "2026-03-02", "2026-03-02T09:00:00", "2026-03-02T09:00Z", "2026-03-02 09:00:00Z"]
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        INSTANT.validate_python(text)
