"""Days and instants as clients write them, by RFC 3339; a number of seconds, which pydantic reads too, is none."""

import datetime
import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})", re.ASCII | re.IGNORECASE)


def _written_as(form: re.Pattern[str], words: str) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if isinstance(value, str) and form.fullmatch(value) is None:
            raise ValueError(words)
        return value

    return check


_is_day = _written_as(_DAY, "must be a day such as 2026-03-02")
_is_instant = _written_as(_INSTANT, "must be a time such as 2026-03-02T09:00:00Z")
Day = Annotated[datetime.date, BeforeValidator(_is_day)]
Instant = Annotated[AwareDatetime, BeforeValidator(_is_instant)]
