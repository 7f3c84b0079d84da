"""A form with one file, read as it comes: no part of the file is kept, in memory or on disk."""

from collections.abc import Collection, Iterator

from flask import Request
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from shared.kernel.errors import Invalid

_READ_BYTES = 64 * 1024
_HEADER_BYTES = 64 * 1024
_FIELD_BYTES = 4 * 1024


class StreamedForm:
    """The parts of a multipart body in their order; `fields` are the small ones that have passed so far."""

    def __init__(self, request: Request, *, file: str, fields: Collection[str]) -> None:
        """Read nothing yet; `file` names the field of the file, `fields` the others that may be there.

        Raises:
            Invalid: the body is no form.
        """
        boundary = request.mimetype_params.get("boundary", "")
        if request.mimetype != "multipart/form-data" or not boundary:
            raise _broken()
        self._stream = request.stream
        self._decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), _HEADER_BYTES, max_parts=20)
        self._file, self._known = file, fields
        self.fields: dict[str, str] = {}
        self.has_file = False

    def pieces(self) -> Iterator[bytes]:
        """Give the file's bytes as they come; afterwards the whole form has been read.

        Raises:
            Invalid: it is not a whole form, holds another field, or the file twice.
        """
        held, current = bytearray(), ""
        for event in self._events():
            if isinstance(event, Field | File):
                current = self._begin(event)
                held.clear()
            elif isinstance(event, Data) and current == self._file:
                yield bytes(event.data)
            elif isinstance(event, Data):
                held += event.data
                self._keep(current, held)

    def _events(self) -> Iterator[object]:
        while True:
            event = self._next()
            while isinstance(event, NeedData):
                chunk = self._stream.read(_READ_BYTES)
                self._decoder.receive_data(chunk or None)
                event = self._next()
            yield event
            if isinstance(event, Epilogue):
                return

    def _next(self) -> object:
        try:
            return self._decoder.next_event()
        except ValueError as problem:
            raise _broken() from problem

    def _begin(self, event: Field | File) -> str:
        name = event.name or ""
        if isinstance(event, File) and name == self._file:
            if self.has_file:
                raise _unwanted(name, "repeated")
            self.has_file = True
        elif isinstance(event, File) or name not in self._known:
            raise _unwanted(name, "unknown")
        return name

    def _keep(self, name: str, content: bytearray) -> None:
        if len(content) > _FIELD_BYTES:
            raise _unwanted(name, "too_long")
        self.fields[name] = content.decode("utf-8", "replace")


def _unwanted(name: str, reason: str) -> Invalid:
    details = [{"field": name[:100], "reason": reason}]
    return Invalid("Some fields are not valid.", "입력값이 올바르지 않습니다.", details=details)


def _broken() -> Invalid:
    return Invalid("The form cannot be read.", "양식을 읽을 수 없습니다.")
