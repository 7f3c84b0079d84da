"""The bodies of requests as they come over the network: how long one may be, how slow, and what is wrong with one."""

import time
from typing import Any

import gevent
from gunicorn.http.errors import NoMoreData, ParseException
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, RequestTimeout

STEP_BYTES = 64 * 1024
STEP_SECONDS = 30.0
"""How long so many bytes may take to come: 2 KiB a second at least."""
LONGEST_SECONDS = 300.0
"""How long a whole body may take."""
INPUT = "speaktracker.input"
"""The key of the environment under which a request's input lies."""


class Input:
    """Stands before the server's `wsgi.input`: whatever a client does wrong is an answer to it, never a fault of ours.

    However the body is framed, by its length or in chunks, at most `largest` bytes are taken, and none waits for ever.
    """

    def __init__(self, source: Any, largest: int, *, announced: int = 0) -> None:
        """Read from the server's input; at least so many bytes were announced."""
        self.largest = largest
        self._announced = announced
        self._source = source
        self._taken = 0
        self._until = time.monotonic() + LONGEST_SECONDS

    @property
    def reader(self) -> Any:
        """Return gunicorn's own reader, in which the first frames of a WebSocket may lie."""
        return self._source.reader

    def read(self, size: int | None = -1) -> bytes:
        """Return so many bytes, or all.

        Raises:
            RequestEntityTooLarge: there are more than `largest`.
            RequestTimeout: they do not come in time.
            BadRequest: they are not framed as they must be, or the client has gone.
        """
        if size is not None and size >= 0:
            return self._step(size, self._source.read)
        parts = []
        while part := self._step(STEP_BYTES, self._source.read):
            parts.append(part)
        return b"".join(parts)

    def readline(self, size: int | None = -1) -> bytes:
        """Return a line, at most so many bytes of it; raises as `read`."""
        return self._step(STEP_BYTES if size is None or size < 0 else size, self._source.readline)

    def _step(self, size: int, read: Any) -> bytes:
        seconds = min(STEP_SECONDS, self._until - time.monotonic())
        try:
            if seconds <= 0:
                raise RequestTimeout
            with gevent.Timeout(seconds, RequestTimeout):
                part: bytes = read(min(size, STEP_BYTES))
        except RequestTimeout:
            self._give_up()
            raise
        except (ParseException, NoMoreData, OSError) as problem:
            self._give_up()
            raise BadRequest("The body is not framed as it must be.") from problem
        self._taken += len(part)
        if self._taken > self.largest:
            raise RequestEntityTooLarge
        if not part and size and self._taken < self._announced:
            self._give_up()
            raise BadRequest("The body was cut.")
        return part

    def _give_up(self) -> None:
        """Have gunicorn close the connection after the answer: where its next request begins is unknown."""
        if hasattr(self._source, "failed"):
            self._source.failed = True


class BoundedInputs:
    """A WSGI application with bounded inputs of requests."""

    def __init__(self, application: Any, largest: int) -> None:
        """Stand before an application; `largest` holds until the request's view is known."""
        self._application = application
        self._largest = largest

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Put an Input in place of the server's."""
        length = environ.get("CONTENT_LENGTH", "")
        announced = int(length) if length.isdecimal() else 0
        environ["wsgi.input"] = environ[INPUT] = Input(environ["wsgi.input"], self._largest, announced=announced)
        return self._application(environ, start_response)
