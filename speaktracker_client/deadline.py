"""A bound of time for what waits; Python 3.10 has none of its own that never swallows a cancellation."""

import asyncio
import sys
from types import TracebackType

if sys.version_info >= (3, 11):
    from asyncio import timeout as deadline
else:

    class deadline:  # noqa: N801 - it stands for a function of later releases
        """Raises TimeoutError where what stands in it takes longer; None sets no bound."""

        def __init__(self, seconds: "float | None") -> None:
            """Set the bound in seconds."""
            self._seconds = seconds
            self._is_late = False

        async def __aenter__(self) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._timer = None
            if self._seconds is not None:
                self._timer = asyncio.get_running_loop().call_later(self._seconds, self._stop, task)

        async def __aexit__(
            self,
            kind: "type[BaseException] | None",
            _problem: "BaseException | None",
            _place: "TracebackType | None",
        ) -> None:
            if self._timer is not None:
                self._timer.cancel()
            if self._is_late and kind is not None and issubclass(kind, asyncio.CancelledError):
                raise TimeoutError

        def _stop(self, task: "asyncio.Task[object]") -> None:
            self._is_late = True
            task.cancel()


__all__ = ["deadline"]
