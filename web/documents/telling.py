"""What a view answers with, declared beside it: the documents, and the tests that hold answers to them, read this.

The decorators stand below the route's own, like those of roles and bodies.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, create_model
from pydantic.alias_generators import to_pascal, to_snake

from shared.domains.jobs.contract import JobAccepted
from shared.kernel.contract import Contract
from shared.kernel.errors import Conflict, DomainError, Forbidden, NotFound, PayloadTooLarge

JSON = "application/json"
_TOLD, _REFUSED, _TAKEN, _NAMED, _HEADERS = "told", "refused", "taken_media", "operation_name", "read_headers"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Told:
    """One way in which a view answers well: its status, and what stands in the answer beside `success`.

    Of another media type than JSON there is no contract, but what it is in words.
    """

    status: int
    contract: type[BaseModel] | None
    media: tuple[str, ...] = (JSON,)
    words: str = ""


class Paged(Contract):
    """A part of a list; `nextCursor` is null, and `hasMore` false, at its end."""

    written_when_null: ClassVar[frozenset[str]] = frozenset({"nextCursor"})

    next_cursor: str | None
    has_more: bool


def tells(contract: type[BaseModel] | None = None, *, status: int = 200) -> Callable[[View], View]:
    """Declare that a view answers with these fields under that status; may stand several times."""
    return _adding(_TOLD, Told(status, contract))


def tells_when_ready(contract: type[BaseModel]) -> Callable[[View], View]:
    """Declare that a view answers with these fields, or with 202 and a jobId where they take longer than it waits.

    Where the job fails meanwhile, its failure is the view's refusal.
    """

    def declare(view: View) -> View:
        return refuses(Forbidden, NotFound, Conflict, PayloadTooLarge)(
            tells(contract)(tells(JobAccepted, status=202)(view))
        )

    return declare


def tells_page(name: str, item: type[Contract], **more: Any) -> Callable[[View], View]:
    """Declare that a view answers with a page of a list, named as on the wire; `more` are fields beside it."""
    return tells(page_of(name, item, **more))


def tells_media(words: str, *media: str, status: int = 200) -> Callable[[View], View]:
    """Declare that a view answers with something else than JSON."""
    return _adding(_TOLD, Told(status, None, media, words))


def refuses(*kinds: type[DomainError]) -> Callable[[View], View]:
    """Declare refusals that do not follow from what the view takes and who may call it."""

    def declare(view: View) -> View:
        setattr(view, _REFUSED, (*getattr(view, _REFUSED, ()), *kinds))
        return view

    return declare


def takes_media(**contracts: type[BaseModel]) -> Callable[[View], View]:
    """Declare what a view takes that reads its body by itself: `json`, `form`."""
    return _setting(_TAKEN, contracts)


def reads_header(name: str, words: str) -> Callable[[View], View]:
    """Declare a header that makes a difference to a view."""
    return _adding(_HEADERS, (name, words))


def operation(name: str) -> Callable[[View], View]:
    """Name the operation, where the view's own name would say too little to a generated client."""
    return _setting(_NAMED, name)


def told_by(view: Callable[..., Any]) -> tuple[Told, ...]:
    """Return the ways in which a view answers well; none where it is no part of the API."""
    found: tuple[Told, ...] = getattr(view, _TOLD, ())
    return found


def refused_by(view: Callable[..., Any]) -> tuple[type[DomainError], ...]:
    """Return the refusals that a view declares."""
    found: tuple[type[DomainError], ...] = getattr(view, _REFUSED, ())
    return found


def media_taken_by(view: Callable[..., Any]) -> dict[str, type[BaseModel]]:
    """Return the contracts of a view that reads its body by itself, by media."""
    found: dict[str, type[BaseModel]] = getattr(view, _TAKEN, {})
    return found


def headers_read_by(view: Callable[..., Any]) -> tuple[tuple[str, str], ...]:
    """Return the headers that make a difference to a view, with what they do."""
    found: tuple[tuple[str, str], ...] = getattr(view, _HEADERS, ())
    return found


def name_of(view: Callable[..., Any]) -> str | None:
    """Return the operation's declared name."""
    found: str | None = getattr(view, _NAMED, None)
    return found


@cache
def _page(name: str, item: type[Contract], more: tuple[tuple[str, Any], ...]) -> type[Contract]:
    title = f"{to_pascal(to_snake(name))}Page"
    fields: dict[str, Any] = {to_snake(name): (list[item], ...)} | {key: (value, ...) for key, value in more}  # type: ignore[valid-type]
    return create_model(title, __base__=Paged, __doc__=Paged.__doc__, **fields)


def page_of(name: str, item: type[Contract], **more: Any) -> type[Contract]:
    """Return the contract of a page of a list; the same one for the same list."""
    return _page(name, item, tuple(more.items()))


def _adding(attribute: str, one: Any) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, attribute, (one, *getattr(view, attribute, ())))
        return view

    return declare


def _setting(attribute: str, value: Any) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, attribute, value)
        return view

    return declare
